// What a page must hold to beside axe's rules. Each check gives a list of faults in words; empty is right.
(() => {
  const said = (el) => {
    const name = el.tagName.toLowerCase() + (el.id ? "#" + el.id : "") + (el.className && el.className.baseVal === undefined ? "." + String(el.className).trim().split(/\s+/).join(".") : "");
    return name + " «" + (el.innerText || el.value || "").trim().slice(0, 40) + "»";
  };
  const shown = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== "hidden";
  const scrolls = (el) => { for (let p = el.parentElement; p; p = p.parentElement) { const o = getComputedStyle(p).overflowX; if (o === "auto" || o === "scroll") return true; } return false; };

  window.audit = {
    overflow() {
      const room = document.documentElement.clientWidth, faults = [];
      if (document.documentElement.scrollWidth <= room) return faults;
      for (const el of document.body.querySelectorAll("*")) {
        const box = el.getBoundingClientRect();
        if (box.right > room + 1 && shown(el) && !scrolls(el) && !el.closest("svg")) faults.push(said(el) + " reaches " + Math.round(box.right) + " of " + room);
      }
      return faults.length ? faults.slice(0, 5) : ["the page is " + document.documentElement.scrollWidth + " wide of " + room];
    },
    spacing() {
      // WCAG 1.4.12: with more room between lines, letters, words and paragraphs, nothing is cut.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }");
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      const faults = [...this.overflow()];
      for (const el of document.body.querySelectorAll("*")) {
        if (!shown(el) || el.closest("svg") || el.closest(".vh")) continue;
        const style = getComputedStyle(el);
        if (style.color.endsWith(", 0)")) continue; // a bar whose words are said beside it
        const cut = (style.overflowY === "hidden" && el.scrollHeight > el.clientHeight + 2) || (style.overflowX === "hidden" && el.scrollWidth > el.clientWidth + 2);
        if (cut && el.clientHeight > 1) faults.push(said(el) + " is cut");
      }
      document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1);
      return faults.slice(0, 5);
    },
    focus() {
      // Called after a first Tab, so that the browser draws keyboard focus.
      const faults = [];
      const found = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")];
      if (!found.length || !found[0].matches("a.skip")) faults.push("the skip link does not come first");
      for (const el of found) {
        if (el.tabIndex > 0) faults.push(said(el) + " has a tabindex above 0");
        if (el.tabIndex < 0 || el.disabled || !shown(el)) continue;
        el.focus();
        if (document.activeElement !== el) continue;
        const of = (node) => { const s = getComputedStyle(node); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
        const label = el.labels && el.labels[0];
        if (!of(el) && !(label && of(label))) faults.push(said(el) + " shows no focus");
      }
      return faults.slice(0, 5);
    },
    names() {
      const faults = [];
      if (!document.title.trim()) faults.push("no title");
      if (document.querySelectorAll("h1").length !== 1) faults.push(document.querySelectorAll("h1").length + " h1");
      for (const table of document.querySelectorAll("table")) {
        if (!table.caption) faults.push("a table without caption");
        if (!table.querySelector("th[scope]")) faults.push("a table without th scope");
      }
      for (const link of document.querySelectorAll("[target=_blank]")) faults.push(said(link) + " opens a new window");
      for (const svg of document.querySelectorAll("svg:not([aria-hidden=true])")) {
        if (svg.getAttribute("role") === "img" && !(svg.getAttribute("aria-label") || svg.getAttribute("aria-labelledby"))) faults.push("a picture without name");
      }
      for (const el of document.querySelectorAll("[style]")) if (!el.closest("svg")) faults.push(said(el) + " carries a style");
      return faults.slice(0, 5);
    },
    anew() {
      // Marks what is drawn as nothing on the pages before was: contrast is judged there. Colours come from the
      // style sheet alone (no inline style), so elements alike from the root down, with the same colours, weight
      // and size, have one contrast. This tab remembers them from page to page.
      const known = new Set(JSON.parse(sessionStorage.getItem("drawn") || "[]")), own = new Map();
      const kept = new Set(["href", "id", "for", "name", "value", "title", "datetime", "content", "src", "action", "lang"]);
      for (const el of document.querySelectorAll("html, html *")) {
        const style = getComputedStyle(el);
        const said = [...el.attributes].filter((one) => !kept.has(one.name)).map((one) => one.name + (one.name.startsWith("aria-") && /label|describ|controls/.test(one.name) ? "" : "=" + one.value));
        const look = [own.get(el.parentElement), el.tagName, ...said, style.color, style.backgroundColor, style.backgroundImage, style.fontSize, style.fontWeight, style.opacity, style.display, style.position].join(" ");
        let sum = 5381;
        for (let at = 0; at < look.length; at++) sum = (Math.imul(sum, 33) ^ look.charCodeAt(at)) >>> 0;
        const key = sum * 4096 + (look.length & 4095);
        own.set(el, key);
        if (!known.has(key)) el.setAttribute("data-drawn-anew", "");
        known.add(key);
      }
      sessionStorage.setItem("drawn", JSON.stringify([...known]));
      axe.configure({ rules: [{ id: "color-contrast", selector: "[data-drawn-anew]" }] });
    },
    elements() { return document.querySelectorAll("*").length - document.querySelectorAll("svg *").length; },
  };
})();

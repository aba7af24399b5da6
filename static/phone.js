// The check-off page that works without network. The plain page stays as it is where this cannot run.
"use strict";
(async () => {
  const $ = (s, e = document) => e.querySelector(s), $$ = (s, e = document) => [...e.querySelectorAll(s)];
  const words = {}, french = document.documentElement.lang === "fr";
  $$("[data-k]", ($("#phone-words") || document.createElement("template")).content).forEach(e => { words[e.dataset.k] = e.textContent.trim(); });
  const number = n => n.toLocaleString(document.documentElement.lang);
  const fill = (text, ...given) => given.reduce((said, g, i) => said.replaceAll(`#${i + 1}`, g), text || "");
  const said = (k, ...given) => fill(words[k], ...given);
  const many = (k, n, ...more) => fill(words[(french ? n < 2 : n === 1) ? k : k + "-s"], number(n), ...more);
  const plain = text => [...text.slice(text.lastIndexOf("/u/") < 0 ? 0 : text.lastIndexOf("/u/") + 3).toUpperCase()]
    .filter(c => /[\p{L}\p{N}]/u.test(c)).join("");
  const shown = code => code.slice(0, 3) + "-" + code.slice(3);
  const make = name => $(`#${name}`).content.firstElementChild.cloneNode(true);
  const show = (e, on) => { e.hidden = !on; };

  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/hors-ligne.js", { scope: "/" }).catch(() => {});
  const keepPage = async (...more) => {
    const parts = $$("link[rel=stylesheet],link[rel=icon],script[src]").map(e => e.href || e.src);
    const cache = await caches.open(Phone.KEPT);
    await Promise.all([...parts, ...more].map(async path => {
      if (path.includes("?v=") && await cache.match(path)) return;
      const answer = await fetch(path, { redirect: "manual" });
      if (answer.status === 200) await cache.put(path.includes("?v=") ? path : new URL(path, location).pathname, answer);
    }));
  };

  // A refusal stays until somebody has seen it.
  const drawTold = (refused, label, after) => $("[data-told]").replaceChildren(...refused.map(row => {
    const e = make("told"), v = row.values;
    $("[data-what]", e).textContent = [row.reference, words[`act-${row.act}`], v.code || v.label || (v.line ? label(v.line) : "")].filter(Boolean).join(" – ");
    $("[data-detail]", e).textContent = row.answer.detail || said("old");
    $("[data-advice]", e).textContent = row.answer.advice || said("old-advice");
    $("button", e).addEventListener("click", async () => { await Phone.drop([row.n]); await after(); });
    return e;
  }));

  // ---- the stops of the day: each is kept, page and list, while there is a network
  const road = $("[data-road]");
  if (road) {
    const draw = async () => {
      drawTold((await Phone.acts()).filter(r => r.state === "refused"), String, draw);
      const rows = await Phone.waiting(), stops = new Set((await Phone.stops()).map(s => s.reference));
      const box = $("[data-waiting]", road);
      show(box, rows.length);
      $("p", box).textContent = many("waiting", rows.length);
      show($("[data-before-leaving]", box), location.hash === "#attente");
      $$("[data-stop]").forEach(e => {
        const mine = rows.filter(r => r.reference === e.dataset.stop).length;
        const kept = $("[data-kept]", e);
        if (kept) kept.textContent = [stops.has(e.dataset.stop) ? said("kept") : "", mine ? many("waiting-short", mine) : ""].filter(Boolean).join(" – ");
      });
    };
    const send = async () => {
      const problem = await Phone.send(draw);
      $("[data-problem]", road).textContent = problem && (await Phone.waiting()).length ? said(problem) : "";
      await draw();
    };
    addEventListener("online", send);
    addEventListener("hashchange", draw);
    $("[data-send]", road).addEventListener("click", send);
    $("[data-give-up]", road).addEventListener("click", async () => {
      const rows = await Phone.waiting();
      if (confirm(many("give-up", rows.length))) await Phone.drop(rows.map(r => r.n));
      await draw();
    });
    await draw();
    if (navigator.onLine) {
      await send();
      for (const e of $$("[data-stop]")) {
        const { state } = await Phone.fetchState(e.dataset.stop);
        if (state) { await Phone.keep(state); await keepPage(`/enlevements/${state.reference}/pointage`).catch(() => {}); }
      }
      await keepPage(location.pathname).catch(() => {});
      await draw();
    }
    return;
  }

  // ---- one stop
  const door = $("[data-door]");
  if (!door) return;
  const reference = door.dataset.door;
  let base = await Phone.stop(reference), trouble = "", busy = false;
  if (!base) {
    const { state } = await Phone.fetchState(reference);
    if (!state) return;
    await Phone.keep(state);
    base = await Phone.stop(reference);
  }
  if (!base) return;
  door.replaceChildren(make("door"));
  let ready = false;
  if (navigator.serviceWorker) {
    Promise.all([keepPage(location.pathname, "/enlevements/telephone"), navigator.serviceWorker.ready]).then(() => { ready = true; show($("[data-ready]"), true); }).catch(() => {});
  }

  const loose = unit => !unit.serial && !unit.tag;
  // The stop as it will be once what waits here is done there.
  const seen = rows => {
    const units = base.units.map(([line, code, serial, tag, outcome, reason, note, batch]) => ({ line, code, serial, tag, outcome, reason, note, batch }));
    let extras = base.extras.map(([batch, label, serial]) => ({ batch, label, serial })), signed = base.signed;
    const log = new Map();
    units.filter(u => u.outcome).forEach(u => log.set(u.batch, { batch: u.batch, outcome: u.outcome, reason: u.reason, note: u.note }));
    extras.forEach(e => log.set(e.batch, { batch: e.batch, outcome: "extra", label: e.label }));
    const set = (unit, row, more = {}) => {
      Object.assign(unit, { outcome: row.values.outcome || "taken", reason: row.values.reason || null, note: row.values.note || "", batch: row.key }, more);
      log.set(row.key, { batch: row.key, outcome: unit.outcome, reason: unit.reason, note: unit.note, here: true });
    };
    for (const row of rows.filter(r => r.reference === reference && r.state === "waiting")) {
      const v = row.values, free = units.filter(u => !u.outcome);
      if (row.act === "check") { const unit = find(units, v.code); if (unit) set(unit, row); }
      if (row.act === "line") { const of = free.filter(u => u.line === v.line); (of.length === v.units ? of : of.filter(loose).slice(0, v.units)).forEach(u => set(u, row)); }
      if (row.act === "rest") free.forEach(u => set(u, row));
      if (row.act === "containers") {
        const order = free.sort((a, b) => a.line - b.line || loose(b) - loose(a));
        v.containers.forEach((one, i) => order.splice(0, one.units).forEach(u => set(u, { key: v.containers.length > 1 ? `${row.key.slice(0, 28)}-${i + 1}` : row.key, values: {} })));
      }
      if (row.act === "stick") {
        const unit = find(units, v.code) || free.find(u => u.line === v.line && loose(u));
        if (unit) set(unit, row, { code: plain(v.code), serial: v.serial });
      }
      if (row.act === "extra") { extras.push({ batch: row.key, label: v.label, serial: v.serial }); log.set(row.key, { batch: row.key, outcome: "extra", label: v.label || words["extra"], here: true }); }
      if (row.act === "undo") {
        units.filter(u => u.batch === v.batch).forEach(u => Object.assign(u, { outcome: null, reason: null, note: "", batch: null }));
        extras = extras.filter(e => e.batch !== v.batch);
        log.delete(v.batch);
      }
      if (row.act === "sign") signed = true;
    }
    const count = outcome => units.filter(u => u.outcome === outcome).length;
    const sums = { planned: units.length, taken: count("taken") + extras.length, missing: count("missing"), refused: count("refused"), extra: extras.length };
    return { units, extras, signed, log: [...log.values()].reverse(), sums, left: units.filter(u => !u.outcome).length };
  };
  const find = (units, typed) => {
    const code = plain(typed), same = text => text && plain(text) === code;
    const labelled = units.filter(u => u.code === code);
    const found = labelled.length ? labelled : units.filter(u => same(u.serial) || same(u.tag));
    return found.length === 1 ? found[0] : found.length ? "several" : null;
  };
  const label = line => (base.lines.find(one => one[0] === line) || ["", ""])[1];

  let now;
  const draw = async () => {
    base = await Phone.stop(reference) || base;
    const rows = await Phone.acts(), waits = rows.filter(r => r.state === "waiting");
    now = seen(rows);
    const done = now.sums.planned - now.left;
    $("[data-count]").firstChild.textContent = said("count", number(done), number(now.sums.planned));
    $("[data-extras]").textContent = now.extras.length ? many("extras", now.extras.length) : "";
    const bar = $("[data-bar] .c1"), ground = $("[data-bar] .ground");
    if (bar) bar.setAttribute("width", Math.round(ground.getAttribute("width") * (now.sums.planned ? done / now.sums.planned : 0)));
    drawWaiting(waits);
    drawTold(rows.filter(r => r.state === "refused"), label, async () => { await draw(); $("main").focus(); });
    const open = !now.signed && base.may.includes("check_off");
    show($("[data-open]"), open && now.left);
    show($("[data-trouble]"), open);
    if (!open) show($("[data-problem]"), false);
    drawLines();
    drawUnits();
    drawLast(open);
    drawSign(open, waits.length);
  };
  const drawWaiting = waits => {
    const box = $("[data-waiting]");
    box.className = `notice ${waits.length ? "wait" : "ok"}`;
    show(box, waits.length || !navigator.onLine || trouble);
    $("p", box).textContent = [navigator.onLine ? "" : said("no-network"), waits.length ? many("waiting", waits.length) : navigator.onLine ? "" : said("all-sent")].filter(Boolean).join(" ");
    $("[data-why]", box).textContent = trouble && (waits.length || trouble !== "offline") && !(trouble === "offline" && !navigator.onLine) ? said(trouble) : "";
    show($("[data-sign-in]", box), trouble === "signed-out");
    show($("[data-send]", box), waits.length && navigator.onLine);
  };
  const drawLines = () => {
    const free = now.units.filter(u => !u.outcome && loose(u));
    const lines = base.lines.filter(([line]) => free.some(u => u.line === line));
    const box = $("[data-lines]");
    const typing = box.contains(document.activeElement) && document.activeElement.matches("input");
    if (typing) return;
    box.replaceChildren(...lines.map(([line, text]) => {
      const e = make("line"), input = $("input", e), id = `units-${line}`, left = free.filter(u => u.line === line).length;
      $("h2", e).textContent = text;
      $("[data-left]", e).textContent = many("left", left);
      $("[data-about]", e).textContent = ` : ${text}`;
      $("label", e).htmlFor = input.id = id;
      input.value = left;
      e.addEventListener("submit", event => {
        event.preventDefault();
        const units = Number(input.value.replace(/\s/g, ""));
        if (!(Number.isInteger(units) && units > 0 && units <= left)) return wrong(input, said("number", number(left)));
        input.blur();
        act("line", { line, units }, many("checked", units));
      });
      return e;
    }));
  };
  const drawUnits = () => {
    const list = now.units.filter(u => !u.outcome && !loose(u)).slice(0, 150), box = $("[data-units]");
    show(box, list.length);
    $("summary", box).textContent = many("to-check", now.units.filter(u => !u.outcome && !loose(u)).length);
    const had = box.contains(document.activeElement) ? $$("button", box).indexOf(document.activeElement) : -1;
    $("ul", box).replaceChildren(...list.map(u => {
      const e = make("unit");
      $("[data-number]", e).textContent = u.code ? shown(u.code) : u.serial || u.tag;
      $("[data-label]", e).textContent = [u.serial || u.tag, label(u.line)].filter(Boolean).join(" – ");
      $("button", e).addEventListener("click", () => check(u.code || u.serial || u.tag));
      return e;
    }));
    if (had >= 0) { const buttons = $$("button", box); (buttons[Math.min(had, buttons.length - 1)] || $("#door-code")).focus(); }
  };
  const drawLast = open => {
    const last = now.log.slice(0, 5);
    show($("[data-last-title]"), last.length);
    $("[data-last]").replaceChildren(...last.map(one => {
      const e = make("noted"), units = now.units.filter(u => u.batch === one.batch), first = units[0] || {};
      const badge = $(`[data-badge="${one.outcome}"]`, e);
      $$("[data-badge]", e).forEach(b => b !== badge && b.remove());
      const what = one.label || (new Set(units.map(u => u.line)).size > 1 ? said("several") : label(first.line));
      $("[data-units-noted]", e).textContent = units.length > 1 ? `${number(units.length)} × ` : "";
      $("[data-what]", e).textContent = what;
      $("[data-number]", e).textContent = units.length === 1 ? first.code ? shown(first.code) : first.serial || "" : "";
      $("[data-reason]", e).textContent = [one.reason && one.outcome !== "extra" ? words[`reason-${one.reason}`] : "", one.note, one.here ? said("in-phone") : ""].filter(Boolean).join(" – ");
      $("[data-about]", e).textContent = ` ${what} ${first.code || ""}`;
      show($("button", e), open);
      $("button", e).addEventListener("click", () => act("undo", { batch: one.batch }, said("undone")));
      return e;
    }));
  };
  const drawSign = (open, waits) => {
    const ready = open && !now.left, clean = navigator.onLine && !waits && !trouble;
    show($("[data-all]"), ready);
    show($("[data-go-sign]"), ready && clean);
    show($("[data-sign]"), ready && !clean && base.may.includes("sign_as_driver"));
    $$("[data-sum]").forEach(e => { e.textContent = number(now.sums[e.dataset.sum]); });
    show($("[data-signed]"), now.signed);
    if (!now.signed) return;
    $("[data-signed-here]").textContent = waits ? said("signed-here") : said("signed-there");
    $("[data-contact]").textContent = base.contact ? said("to-verify", base.contact) : said("contact-later");
    show($("[data-go-contact]"), !waits && navigator.onLine);
  };

  // ---- acts: kept first, then sent
  let words_said = "";
  const tell = text => { $("[data-done]").textContent = ""; words_said = text; setTimeout(() => { $("[data-done]").textContent = words_said; }, 50); };
  const act = async (name, values, told) => {
    const row = await Phone.add(reference, base, name, values);
    await draw();
    tell(told);
    send();
    return row;
  };
  let later, pause = 2000, again = false;  // again: asked meanwhile, as when the network comes back during a try
  const send = async () => {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    trouble = "";
    clearTimeout(later);
    try {
      do {
        const had = (await Phone.waiting()).length;
        trouble = had ? await Phone.send(draw) : "";
      } while (!trouble && (await Phone.waiting()).length);
    } finally { busy = false; }
    if (!trouble) pause = 2000;
    else if (trouble === "failed" || trouble === "offline") {
      if (again && navigator.onLine) return send();
      later = setTimeout(() => navigator.onLine && send(), pause);
      pause = Math.min(2 * pause, 20000);
    }
    if (trouble === "offline" && "serviceWorker" in navigator) {
      navigator.serviceWorker.ready.then(r => r.sync && r.sync.register("gestes")).catch(() => {});
    }
    await draw();
  };
  const wrong = (input, text) => {
    const field = input.closest("[data-field]"), error = $(".field-error", field);
    $("[data-error]", error).textContent = text;
    error.hidden = false;
    error.id = `error-${input.id}`;
    field.classList.add("invalid");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", error.id);
    input.focus();
    input.select && input.select();
    return false;
  };
  const right = form => $$("[data-field]", form).forEach(field => {
    field.classList.remove("invalid");
    $(".field-error", field).hidden = true;
    $$("[aria-invalid]", field).forEach(e => { e.removeAttribute("aria-invalid"); e.removeAttribute("aria-describedby"); });
  });
  const known = (typed, input) => {
    if (!plain(typed)) return wrong(input, said("empty"));
    const unit = find(now.units, typed);
    return unit === null ? wrong(input, said("unknown")) : unit === "several" ? wrong(input, said("ambiguous")) : unit;
  };
  // One after the other: the same code seen twice at once is found taken the second time.
  let checked = Promise.resolve();
  const check = typed => { checked = checked.catch(() => {}).then(() => checkNow(typed)); return checked; };
  const checkNow = async typed => {
    const input = $("#door-code"), form = input.form;
    right(form);
    const unit = known(typed, input);
    if (!unit) return;
    if (unit.outcome === "taken" && !unit.reason) return wrong(input, said("twice"));
    input.value = "";
    await act("check", { code: unit.code || typed }, said("ok", unit.code ? shown(unit.code) : typed));
  };
  $("[data-code]").addEventListener("submit", event => { event.preventDefault(); check($("#door-code").value).then(() => $("#door-code").focus()); });
  $("[data-rest]").addEventListener("click", () => {
    const left = now.left;
    if (left) act("rest", {}, many("checked", left)).then(() => $("[data-all]").focus());
  });
  $("[data-send]").addEventListener("click", send);

  // ---- a problem
  const problem = $("[data-problem]"), what = () => ($("[name=what]:checked", problem) || {}).value;
  const choose = () => {
    const chosen = what();
    $$("[data-for]", problem).forEach(e => show(e, chosen && e.dataset.for.split(" ").includes(chosen)));
    const lines = $("[name=line]", problem), free = now.units.filter(u => !u.outcome && loose(u));
    const before = lines.value;
    lines.replaceChildren(new Option("–", ""), ...base.lines.filter(([line]) => free.some(u => u.line === line)).map(([line, text]) => new Option(`${text} (${free.filter(u => u.line === line).length})`, line)));
    lines.value = before;
    const lined = free.length && chosen !== "extra" && chosen !== "broken";
    $$("[data-lined]", problem).forEach(e => show(e, lined && e.dataset.lined.split(" ").includes(chosen)));
  };
  $("[data-trouble]").addEventListener("click", () => { show(problem, true); choose(); $("h2", problem).focus(); });
  $("[data-cancel]").addEventListener("click", () => { problem.reset(); show(problem, false); $("[data-trouble]").focus(); });
  problem.addEventListener("change", event => { if (event.target.name === "what") choose(); });
  problem.addEventListener("submit", async event => {
    event.preventDefault();
    right(problem);
    const of = name => $(`[name=${name}]`, problem), value = name => of(name).value.trim(), chosen = what();
    if (!chosen) return wrong($("[name=what]", problem), said("choose"));
    const reason = ($(`[data-for~=${chosen}] [name^=reason]:checked`, problem) || {}).value, note = value("note");
    const line = Number(value("line")) || null, code = value("code"), units = Number(value("units")) || 1;
    let row;
    if (chosen === "extra") {
      if (!value("kind")) return wrong(of("kind"), said("choose"));
      row = ["extra", { kind: value("kind"), label: value("label"), serial: value("serial") || null, note }];
    } else if (chosen === "stick") {
      if (!line) return wrong(of("line"), said("choose"));
      if (plain(code).length !== 7) return wrong(of("code"), said("typo"));
      row = ["stick", { line, code, serial: value("serial") || null }];
    } else {
      if (chosen !== "broken" && !reason) return wrong($(`[data-for~=${chosen}] [name^=reason]`, problem), said("choose"));
      if (reason === "other" && !note) return wrong(of("note"), said("why"));
      const shared = chosen === "broken" ? { outcome: "taken", reason: "broken", note } : { outcome: chosen, reason, note };
      if (line && !code) {
        const most = now.units.filter(u => !u.outcome && u.line === line && loose(u)).length;
        if (units > most) return wrong(of("units"), said("number", number(most)));
        row = ["line", { line, units, ...shared }];
      } else {
        const unit = known(code, of("code"));
        if (!unit) return;
        row = ["check", { code: unit.code || code, ...shared }];
      }
    }
    const file = of("picture").files[0], picture = file ? await small(file) : "";
    if (file && !picture) return wrong(of("picture"), said("picture"));
    const made = await act(...row, said("noted"));
    if (picture) await act("photo", { batch: made.key, picture }, said("noted"));
    problem.reset();
    show(problem, false);
    $("[data-trouble]").focus();
  });
  // A picture is made small before it waits: the phone keeps a hundred kilobytes, not five megabytes.
  const small = async file => {
    try {
      const whole = await createImageBitmap(file), scale = Math.min(1, 1280 / Math.max(whole.width, whole.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(whole.width * scale);
      canvas.height = Math.round(whole.height * scale);
      canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
      for (const quality of [.7, .5, .3]) {
        const picture = canvas.toDataURL("image/jpeg", quality).split(",")[1];
        if (picture.length < 400e3) return picture;
      }
    } catch { /* not a picture this phone can read: said by who asked */ }
    return "";
  };

  // ---- sealed containers: a few numbers for a whole pallet
  const boxes = $("[data-boxes]");
  if (boxes) boxes.addEventListener("submit", async event => {
    event.preventDefault();
    right(boxes);
    const rows = $$("fieldset", boxes).map(e => ({ input: $("[name=units]", e), kind: $("select", e).value, units: Number($("[name=units]", e).value.trim()), seal: $("[name=seal]", e).value.trim() }));
    const bad = rows.find(r => !Number.isInteger(r.units) || r.units < 0), full = rows.filter(r => r.units);
    const total = full.reduce((sum, r) => sum + r.units, 0);
    if (bad || !total || total > now.left) return wrong((bad || full[full.length - 1] || rows[0]).input, said("number", number(now.left)));
    boxes.reset();
    await act("containers", { containers: full.map(({ kind, units, seal }) => ({ kind, units, seal })) }, said("noted"));
    $("[data-all]").focus();
  });

  // ---- signing without network
  $("[data-sign]").addEventListener("submit", async event => {
    event.preventDefault();
    right(event.target);
    const name = $("#door-driver");
    if (!name.value.trim()) return wrong(name, said("name"));
    await Phone.change(reference, { contact: $("#door-contact").value.trim() });
    await act("sign", { driver_name: name.value.trim(), plate: $("#door-plate").value.trim(), seen: now.sums }, said("signed"));
    $("[data-signed]").focus();
  });
  $("#door-driver").value = base.name;

  // ---- the phone's camera, where the browser reads codes by itself
  if ("BarcodeDetector" in self && navigator.mediaDevices) {
    const button = $("[data-camera]"), video = $("[data-code] video");
    show(button, true);
    let stream;
    const close = () => { stream && stream.getTracks().forEach(t => t.stop()); stream = null; show(video, false); button.textContent = said("camera"); };
    button.addEventListener("click", async () => {
      if (stream) return close();
      try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { return wrong($("#door-code"), said("no-camera")); }
      const mine = stream;  // closed and opened again, the former reading must not go on beside this one
      video.srcObject = mine;
      show(video, true);
      button.textContent = said("camera-off");
      await video.play();
      const reader = new BarcodeDetector();
      let last = "";
      while (stream === mine) {
        const [found] = await reader.detect(video).catch(() => []);
        if (stream === mine && found && found.rawValue !== last) { last = found.rawValue; await check(last); }
        if (stream === mine && !video.offsetParent) return close();  // all is checked off: nothing is left to read
        await new Promise(r => setTimeout(r, 250));
      }
    });
    document.addEventListener("visibilitychange", () => document.hidden && close());
  }

  addEventListener("online", send);
  addEventListener("offline", draw);
  await draw();
  const scanned = /^#([A-Z0-9]{7})$/.exec(location.hash);
  if (scanned) { $("#door-code").value = scanned[1]; history.replaceState(null, "", location.pathname); }
  await send();
  const { state, problem: why } = await Phone.fetchState(reference);
  if (state && state.person !== base.person) { await Phone.forget(state.person); }
  if (state && !busy) await Phone.keep(state);
  if (!state && why !== "offline") trouble = why;
  await draw();
})();

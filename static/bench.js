// The scanner's field takes what is typed when no other control does; a label asked for prints at once.
"use strict";
(() => {
  const field = document.querySelector("[data-scan] input[name=code]");
  const types = e => e && (e.isContentEditable || /^(TEXTAREA|SELECT)$/.test(e.tagName) ||
    (e.tagName === "INPUT" && !/^(checkbox|radio|button|submit|file)$/.test(e.type)));
  if (field) document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[\p{L}\p{N}]$/u.test(event.key)) return;
    if (types(document.activeElement)) return;
    field.value = "";
    field.focus();
  });
  if (document.querySelector("[data-print-now]")) window.print();
})();

// What waits in the phone, and how it is sent: shared by the page and its worker. docs/phone.md says the rules.
"use strict";
self.Phone = (() => {
  const KEPT = "parc-phone", OLD = 6 * 86400e3, AT_ONCE = 20, HEAVY = 900e3;
  let base;
  const opened = () => base = base || new Promise((ok, no) => {
    const asked = indexedDB.open(KEPT, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("acts", { keyPath: "n", autoIncrement: true });
      asked.result.createObjectStore("stops", { keyPath: "reference" });
    };
    asked.onsuccess = () => ok(asked.result);
    asked.onerror = () => no(asked.error);
  });
  const run = async (mode, work) => {
    const tx = (await opened()).transaction(["acts", "stops"], mode, { durability: "strict" });
    const over = new Promise((ok, no) => { tx.oncomplete = ok; tx.onabort = tx.onerror = () => no(tx.error); });
    const asked = work(tx.objectStore("acts"), tx.objectStore("stops"));
    await over;
    return asked && asked.result;
  };
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");
  const acts = () => run("readonly", a => a.getAll());
  const waiting = async () => (await acts()).filter(row => row.state === "waiting");
  const stop = reference => run("readonly", (a, s) => s.get(reference));
  const stops = () => run("readonly", (a, s) => s.getAll());
  const change = (reference, more) => run("readwrite", (a, s) => {
    const asked = s.get(reference);
    asked.onsuccess = () => asked.result && s.put(Object.assign(asked.result, more));
  });
  const keep = state => run("readwrite", (a, s) => {
    const asked = s.get(state.reference);
    asked.onsuccess = () => {
      const before = asked.result || {}, { token, ...rest } = state;
      if (state.sealed) s.delete(state.reference);
      else s.put({ ...rest, contact: before.contact || "", kept: Date.now() });
    };
  });
  const add = (reference, who, act, values) => {
    const row = { key: key(), reference, person: who.person, organisation: who.organisation, act, values, at: new Date().toISOString(), state: "waiting" };
    return run("readwrite", a => { a.add(row); }).then(() => row);
  };
  const drop = numbers => run("readwrite", a => { numbers.forEach(n => a.delete(n)); });
  const refuse = (row, answer) => ({ ...row, state: "refused", answer, values: { ...row.values, picture: undefined } });
  // Snapshots of a person go with the session; acts that are not sent stay until they are, or are given up.
  const forget = person => run("readwrite", (a, s) => {
    const asked = s.getAll();
    asked.onsuccess = () => asked.result.filter(one => one.person !== person).forEach(one => s.delete(one.reference));
  });

  const ask = (address, options) => fetch(address, {
    credentials: "same-origin", redirect: "manual", cache: "no-store",
    signal: AbortSignal.timeout ? AbortSignal.timeout(30000) : undefined, ...options,
  });
  const judged = answer => answer.type === "opaqueredirect" || answer.status === 401 ? "signed-out"
    : answer.ok ? "" : answer.status < 500 ? "closed" : "failed";
  const fetchState = async reference => {
    let answer;
    try { answer = await ask(`/enlevements/${reference}/pointage/etat.json`); } catch { return { problem: "offline" }; }
    const problem = judged(answer);
    return problem ? { problem } : { state: await answer.json() };
  };

  const some = rows => {
    const mine = [];
    let size = 0;
    for (const row of rows) {
      if (row.reference !== rows[0].reference) break;
      size += JSON.stringify(row.values).length;
      if (mine.length && (mine.length >= AT_ONCE || size > HEAVY)) break;
      mine.push(row);
    }
    return mine;
  };
  let session = null;  // who is signed in, and the token of the session; asked again when it is refused
  const once = async (rows, again = false) => {
    const reference = rows[0].reference;
    if (!session) {
      const { state, problem } = await fetchState(reference);
      if (problem) return problem;
      session = { person: state.person, organisation: state.organisation, token: state.token };
    }
    if (session.person !== rows[0].person || session.organisation !== rows[0].organisation) {
      session = null;
      return "other-person";
    }
    let answer;
    try {
      answer = await ask(`/enlevements/${reference}/pointage/gestes`, {
        method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": session.token },
        body: JSON.stringify({ sent_at: new Date().toISOString(), acts: rows.map(r => ({ key: r.key, act: r.act, at: r.at, values: r.values })) }),
      });
    } catch { return "offline"; }
    const wrong = judged(answer);
    if (wrong) session = null;
    if (wrong === "closed" && !again) return once(rows, true);
    if (wrong) return wrong;
    const told = await answer.json(), by = new Map(told.answers.map(one => [one.key, one]));
    // Forgotten here only now that they are known to be done there, together with what the stop has become.
    await run("readwrite", a => rows.forEach(row => {
      const got = by.get(row.key);
      if (!got) return;
      if (got.status < 300) a.delete(row.n); else a.put(refuse(row, got));
    }));
    await keep(told.state);
    return "";
  };
  const sending = async after => {
    for (;;) {
      const rows = await waiting(), late = rows.filter(row => Date.now() - Date.parse(row.at) > OLD);
      if (late.length) {
        await run("readwrite", a => late.forEach(row => a.put(refuse(row, { code: "old" }))));
        continue;
      }
      if (!rows.length) return "";
      const problem = await once(some(rows));
      if (after) await after();
      if (problem) return problem;
    }
  };
  const send = after => navigator.locks
    ? navigator.locks.request(KEPT, () => sending(after)) : sending(after);

  return { KEPT, acts, waiting, stop, stops, change, keep, add, drop, forget, fetchState, send };
})();

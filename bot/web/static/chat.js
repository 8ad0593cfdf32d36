"use strict";
(() => {
  const words = document.currentScript.dataset;
  const log = document.getElementById("log");
  const form = document.getElementById("say");
  const input = document.getElementById("text");
  const state = document.getElementById("state");
  const starters = document.getElementById("starters");
  const byKey = new Map();
  let after = 0, busy = false, quietSince = Date.now(), timer = 0, polling = false;
  // Own messages live in this tab only: the server keeps them encrypted and does not hand them back.
  let mine = [];
  try { mine = JSON.parse(sessionStorage.getItem("mine")) || []; } catch { mine = []; }

  const make = (tag, cls, text) => {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    if (text) node.textContent = text;
    return node;
  };

  const dots = make("li", "bubble theirs dots");
  dots.setAttribute("aria-hidden", "true");
  for (let i = 0; i < 3; i++) dots.append(make("span"));

  const toEnd = () => { log.scrollTop = log.scrollHeight; };
  const toNewest = (first) => {
    toEnd();
    const above = first.getBoundingClientRect().top < log.getBoundingClientRect().top;
    if (above) first.scrollIntoView();  // begin reading where the news begins
  };
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 140;
  const put = (node) => {
    if (dots.isConnected) log.insertBefore(node, dots); else log.append(node);
    starters.hidden = true;
  };
  const show = (working) => {
    busy = working;
    state.textContent = working ? words.typing : words.online;
    if (working && !dots.isConnected) { log.append(dots); toEnd(); }
    if (!working) dots.remove();
  };

  const paragraph = (spans) => {
    const p = make("p");
    for (const span of spans) {
      const node = make(span.url ? "a" : span.bold ? "b" : "span", "", span.text);
      if (span.url) { node.href = span.url; node.target = "_blank"; node.rel = "noopener noreferrer"; }
      p.append(node);
    }
    return p;
  };

  const chips = (buttons) => {
    const row = make("div", "chips");
    for (const b of buttons) {
      const node = make(b.url ? "a" : "button", "", b.label);
      if (b.url) { node.href = b.url; node.target = "_blank"; node.rel = "noopener noreferrer"; }
      else { node.type = "button"; node.addEventListener("click", () => say({ action: b.action, label: b.label })); }
      row.append(node);
    }
    return row;
  };

  const file = (f) => {
    const link = make("a", "file " + f.kind);
    link.href = f.url;
    link.target = "_blank";
    const text = make("span");
    text.append(make("b", "", f.name), make("small", "", f.caption));
    link.append(make("i", "", f.kind.toUpperCase()), text);
    return link;
  };

  const render = (message) => {
    const li = make("li", "bubble theirs" + (message.progress ? " changing" : ""));
    for (const line of message.lines) li.append(paragraph(line));
    for (const f of message.attachments) li.append(file(f));
    if (message.buttons.length) li.append(chips(message.buttons));
    const old = message.progress && byKey.get(message.progress);
    if (old) old.replaceWith(li); else put(li);
    if (message.progress) byKey.set(message.progress, li);
    else for (const node of log.querySelectorAll(".changing")) node.classList.remove("changing");
    return li;
  };

  const own = (entry) => {
    const li = make("li", "bubble mine", entry.text);
    put(li);
    return li;
  };

  const poll = async () => {
    clearTimeout(timer);
    if (polling) return;
    polling = true;
    try {
      const answer = await fetch("/chat/messages?after=" + after, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const news = await answer.json();
      const follow = atEnd();
      let first = null;
      for (const message of news.messages) {
        for (const entry of mine) if (!entry.node && entry.after < message.id) entry.node = own(entry);
        const li = render(message);
        first = first || li;
        after = Math.max(after, message.id);
      }
      for (const entry of mine) if (!entry.node) entry.node = own(entry);
      if (news.messages.length || news.typing) quietSince = Date.now();
      show(news.typing);
      if (first && follow) toNewest(first);
      if (!log.childElementCount) starters.hidden = false;
    } catch {
      state.textContent = words.away;
    }
    polling = false;
    const idle = Date.now() - quietSince;
    timer = setTimeout(poll, document.hidden ? 15000 : busy ? 700 : idle < 30000 ? 1500 : 4000);
  };

  const send = async (entry) => {
    const li = entry.node;
    li.classList.remove("failed");
    show(true);
    try {
      const answer = await fetch("/chat/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id: entry.id, text: entry.action ? "" : entry.text, action: entry.action || "" }),
      });
      if (!answer.ok) throw new Error(answer.status);
      quietSince = Date.now();
      timer = setTimeout(poll, 150);
    } catch {
      show(false);
      li.classList.add("failed");
      li.append(make("small", "", words.again));
      li.addEventListener("click", () => { li.lastElementChild.remove(); send(entry); }, { once: true });
    }
  };

  const say = ({ text = "", action = "", label = "" }) => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const id = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    const entry = { id, after, action, text: text || label };
    entry.node = own(entry);
    mine.push(entry);
    const kept = mine.slice(-60).map(({ node, ...rest }) => rest);
    try { sessionStorage.setItem("mine", JSON.stringify(kept)); } catch { /* full or forbidden: only a reload loses it */ }
    toEnd();
    send(entry);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    say({ text });
    input.focus();
  });
  for (const b of starters.querySelectorAll("button")) b.addEventListener("click", () => say({ text: b.dataset.say }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  poll();
})();

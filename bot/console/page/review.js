// The review: what is shown, which need and template are chosen, and the keys. Every decision goes to the server at once.

import { decide, history, library, needs as load, reviewer, sources } from "./server.js";
import { conversation, element, languageRow, marked, needButton, spoken, templateCard } from "./view.js";

const at = (id) => document.getElementById(id);
const dialog = at("dialog");
const state = { needs: [], need: 0, template: 0, marked: new Set() };

const KEYS = [
  ["j k", "next, previous need"],
  ["↓ ↑", "next, previous answer"],
  ["a", "approve"],
  ["e", "edit"],
  ["r", "retire"],
  ["u", "restore"],
  ["i", "assign an intent"],
  ["x", "mark for a merge"],
  ["m", "merge the marked answers into this one"],
  ["d", "draft in a missing language"],
  ["s", "conversations it comes from"],
  ["h", "who decided what"],
  ["/", "search"],
  ["?", "these keys"],
];

const currentNeed = () => state.needs[state.need];
const current = () => currentNeed()?.templates[state.template];

function notice(text, failed = false) {
  const shown = at("notice");
  shown.textContent = text;
  shown.className = failed ? "failed" : "";
  shown.hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => (shown.hidden = true), failed ? 8000 : 2500);
}

async function refresh() {
  const kept = currentNeed()?.id;
  try {
    const asked = at("library").checked ? library(at("search").value) : load(at("search").value, at("waiting").checked);
    state.needs = (await asked).needs;
  } catch (error) {
    return notice(error.message, true);
  }
  const found = state.needs.findIndex((need) => need.id === kept);
  state.need = found >= 0 ? found : Math.min(state.need, Math.max(0, state.needs.length - 1));
  state.template = Math.min(state.template, Math.max(0, (currentNeed()?.templates.length ?? 1) - 1));
  show();
}

function actionsOf(template) {
  const waits = template.status === "mined";
  return [
    ...(template.status !== "approved" ? [{ key: "a", name: "Approve", run: () => act("approve"), first: waits }] : []),
    { key: "e", name: "Edit", run: edit },
    ...(template.status !== "retired" ? [{ key: "r", name: "Retire", run: () => act("retire") }] : []),
    ...(template.status === "retired" ? [{ key: "u", name: "Restore", run: () => act("restore") }] : []),
    { key: "i", name: "Intent", run: assign },
    { key: "x", name: "Mark", run: mark },
    ...(state.marked.size ? [{ key: "m", name: `Merge ${state.marked.size} into this`, run: merge }] : []),
    { key: "s", name: "Conversations", run: showSources },
    { key: "h", name: "History", run: showHistory },
  ];
}

function show() {
  const n_waiting = state.needs.reduce((sum, need) => sum + need.n_waiting, 0);
  at("count").textContent = `${state.needs.length} needs, ${n_waiting} answers to decide`;
  at("needs").replaceChildren(...state.needs.map((need, index) => needButton(need, index === state.need, () => choose(index, 0))));
  const need = currentNeed();
  at("need").replaceChildren(...(need ? needParts(need) : [element("p", {}, "Nothing waits. Untick “only what waits” to see what was decided.")]));
  at("needs").querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  at("need").querySelector('article[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
}

function needParts(need) {
  return [
    element("h2", {}, need.name),
    element(
      "p",
      { class: "small" },
      need.is_topic
        ? "a topic of data/templates"
        : `${need.is_known ? "a known intent" : "fits no known intent"}; asked ${need.n_questions} times in ${need.n_conversations} conversations`,
    ),
    languageRow(need, draft),
    element("ul", { class: "questions" }, ...need.questions.slice(0, 6).map((text) => element("li", spoken(""), ...marked(text)))),
    ...need.templates.map((template, index) =>
      templateCard(template, {
        isCurrent: index === state.template,
        isMarked: state.marked.has(template.id),
        choose: () => index !== state.template && choose(state.need, index),
        actions: index === state.template ? actionsOf(template) : [],
      }),
    ),
  ];
}

function choose(need, template) {
  if (need !== state.need) state.marked.clear();
  state.need = Math.max(0, Math.min(need, state.needs.length - 1));
  state.template = Math.max(0, Math.min(template, (currentNeed()?.templates.length ?? 1) - 1));
  show();
}

async function act(action, details = {}, template = current()) {
  if (!template) return;
  if (!reviewer.name) {
    at("who").focus();
    return notice("Say who you are first: every decision is recorded with a name.", true);
  }
  try {
    const changed = (await decide(template, { action, ...details })).template;
    notice(`${action}: ${changed.id}`);
    state.marked.clear();
  } catch (error) {
    notice(error.message, true);
  }
  await refresh();
}

function ask(title, fields, done) {
  const inputs = fields.map(({ name, value, rows, language }) =>
    element("textarea", { name, rows, "aria-label": name, ...spoken(language ?? "") }, value),
  );
  const save = () => {
    dialog.close();
    done(...inputs.map((input) => input.value));
  };
  dialog.replaceChildren(
    element("h2", {}, title),
    ...fields.flatMap(({ name }, index) => [element("div", { class: "small" }, name), inputs[index]]),
    element("div", { class: "actions" }, element("button", { type: "button", class: "first", onclick: save }, "Save ", element("kbd", {}, "Ctrl ↵")), element("button", { type: "button", onclick: () => dialog.close() }, "Cancel ", element("kbd", {}, "Esc"))),
  );
  dialog.onkeydown = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && save();
  dialog.showModal();
  inputs[0].focus();
}

function edit() {
  const template = current();
  ask(
    `Edit ${template.id}`,
    [
      { name: "Answer, with placeholders such as {order_number}", value: template.text, rows: 6, language: template.language },
      { name: "Questions that it answers, one a line", value: template.questions.join("\n"), rows: 8 },
    ],
    (text, questions) => act("edit", { text, questions: questions.split("\n").filter((line) => line.trim()) }, template),
  );
}

function assign() {
  const template = current();
  ask(`Intent of ${template.id}`, [{ name: "Intent", value: template.intent, rows: 1 }], (intent) => act("assign", { intent }, template));
}

function mark() {
  const { id } = current();
  if (!state.marked.delete(id)) state.marked.add(id);
  show();
}

function merge() {
  const template = current();
  act("merge", { others: [...state.marked].filter((id) => id !== template.id) }, template);
}

function draft(language) {
  const template = current();
  if (template) {
    notice(`drafting in ${language} ...`);
    act("draft", { language }, template);
  }
}

async function showSources() {
  await showDialog("Conversations, personal data replaced", async () =>
    (await sources(current().id)).conversations.map((turns) => [conversation(turns), element("hr")]).flat(),
  );
}

async function showHistory() {
  await showDialog("Decisions", async () =>
    (await history(current().id)).decisions.map((one) =>
      element("p", {}, `${new Date(one.at).toLocaleString()} ${one.by}: ${one.action} `, element("span", { class: "small" }, JSON.stringify(one.after))),
    ),
  );
}

async function showDialog(title, parts) {
  if (!current()) return;
  try {
    const shown = await parts();
    dialog.replaceChildren(element("h2", {}, title), ...(shown.length ? shown : [element("p", {}, "None.")]));
    dialog.showModal();
  } catch (error) {
    notice(error.message, true);
  }
}

function showKeys() {
  dialog.replaceChildren(
    element("h2", {}, "Keys"),
    element("dl", {}, ...KEYS.flatMap(([key, does]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, does)])),
  );
  dialog.showModal();
}

function askLanguage() {
  const missing = currentNeed()?.missing ?? [];
  if (missing.length) ask("Draft in which language?", [{ name: `One of ${missing.join(", ")}`, value: missing[0], rows: 1 }], (code) => draft(code.trim()));
}

const KEYED = {
  j: () => choose(state.need + 1, 0),
  k: () => choose(state.need - 1, 0),
  ArrowDown: () => choose(state.need, state.template + 1),
  ArrowUp: () => choose(state.need, state.template - 1),
  a: () => act("approve"),
  r: () => act("retire"),
  u: () => act("restore"),
  "/": () => at("search").focus(),
  "?": showKeys,
};
const KEYED_ON_TEMPLATE = { e: edit, i: assign, x: mark, m: merge, s: showSources, h: showHistory, d: askLanguage };

document.addEventListener("keydown", (event) => {
  if (dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape" || event.key === "Enter") event.target.blur();
    return;
  }
  const run = KEYED[event.key] ?? (current() ? KEYED_ON_TEMPLATE[event.key] : undefined);
  if (run) {
    event.preventDefault();
    run();
  }
});

at("search").addEventListener("input", () => {
  clearTimeout(refresh.timer);
  refresh.timer = setTimeout(refresh, 200);
});
at("waiting").addEventListener("change", refresh);
at("library").addEventListener("change", () => {
  at("waiting").disabled = at("library").checked;
  refresh();
});
at("help-button").addEventListener("click", showKeys);
at("who").value = reviewer.name;
at("who").addEventListener("input", () => (reviewer.name = at("who").value));
refresh();

// Needs, templates and conversations -> elements. Texts are set as text, never as HTML.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

const rightToLeft = new Set(["ar", "he", "fa", "ur"]);

export const spoken = (language) => ({ lang: language || false, dir: rightToLeft.has(language) ? "rtl" : "auto" });

// Placeholders and pseudonyms stand out.
export function marked(text) {
  return text
    .split(/(\{\w+\}|\[[a-z_]+:[2-9A-Z]{4}\])/)
    .map((part, index) => (index % 2 ? element("mark", {}, part) : part));
}

export function needButton(need, isCurrent, choose) {
  const languages = Object.entries(need.asked_in)
    .map(([code, count]) => `${code || "?"} ${count}`)
    .join(", ");
  return element(
    "button",
    { type: "button", "aria-current": isCurrent ? "true" : "false", onclick: choose, "data-need": need.id },
    element("strong", {}, need.name),
    element("div", { class: "small" }, need.is_topic ? `${need.templates.length} answers` : `${need.n_questions} questions (${languages})`),
    element("div", { class: "small" }, need.n_waiting ? `${need.n_waiting} to decide` : need.is_topic ? "" : "decided"),
  );
}

export function languageRow(need, draft) {
  return element(
    "div",
    { class: "languages" },
    ...need.covered.map((code) => element("span", { class: "covered", title: "has an approved answer" }, code)),
    ...need.missing.map((code) =>
      element("button", { type: "button", class: "missing", title: `draft an answer in ${code}`, onclick: () => draft(code) }, code),
    ),
  );
}

function reasons(template) {
  const numbers = Object.entries(template.reasons).filter(([, value]) => typeof value === "number");
  const shown = numbers.map(([name, value]) =>
    name === "n_conversations" ? `said in ${value} conversations` : `${name.replaceAll("_", " ")} ${value.toFixed(2)}`,
  );
  return template.score === null ? "" : `score ${template.score.toFixed(2)}: ${shown.join(", ")}`;
}

export function templateCard(template, { isCurrent, isMarked, choose, actions }) {
  const tag = template.origin === "draft" && template.status === "mined" ? "draft" : template.status;
  return element(
    "article",
    {
      class: `${template.status} ${isMarked ? "marked" : ""}`,
      "aria-current": isCurrent ? "true" : "false",
      "data-template": template.id,
      onclick: choose,
    },
    element("span", { class: `tag ${tag}` }, tag),
    element("span", { class: "tag" }, template.language || "?"),
    element("span", { class: "tag" }, template.intent),
    element("span", { class: "small" }, template.id),
    element("p", { class: "text", ...spoken(template.language) }, ...marked(template.text)),
    element("p", { class: "small" }, template.merged_into ? `merged into ${template.merged_into}` : reasons(template)),
    element(
      "div",
      { class: "actions" },
      ...actions.map(({ key, name, run, first }) =>
        element("button", { type: "button", class: first ? "first" : false, onclick: run }, `${name} `, element("kbd", {}, key)),
      ),
    ),
  );
}

export function conversation(turns) {
  return element(
    "div",
    {},
    ...turns.map((turn) =>
      element(
        "div",
        { class: `turn ${turn.role} ${turn.is_answer ? "answer" : ""}`, ...spoken(turn.language) },
        element("span", { class: "small" }, `${turn.role}: `),
        ...marked(turn.text),
      ),
    ),
  );
}

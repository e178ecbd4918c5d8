// Calls of the review's server. Who decides and the token are kept for this browser tab only.

const NAME = "xenia-reviewer";
const TOKEN = "xenia-console-token";

export const reviewer = {
  get name() {
    return sessionStorage.getItem(NAME) ?? "";
  },
  set name(value) {
    sessionStorage.setItem(NAME, value.trim());
  },
};

async function call(path, options = {}) {
  const headers = { ...options.headers };
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(path, { ...options, headers });
  if (response.status === 401) {
    const given = window.prompt("Token of this console (CONSOLE_TOKEN)");
    if (given) {
      sessionStorage.setItem(TOKEN, given);
      return call(path, options);
    }
  }
  const said = await response.json();
  if (!response.ok) throw new Error(said.error);
  return said;
}

export const needs = (search, onlyWaiting) =>
  call(`api/needs?search=${encodeURIComponent(search)}&waiting=${onlyWaiting ? 1 : 0}`);

export const library = (search) => call(`api/library?search=${encodeURIComponent(search)}`);

export const sources = (id) => call(`api/templates/${encodeURIComponent(id)}/sources`);

export const history = (id) => call(`api/templates/${encodeURIComponent(id)}/history`);

export const decide = (template, asked) =>
  call(`api/templates/${encodeURIComponent(template.id)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Reviewer": encodeURIComponent(reviewer.name) },
    body: JSON.stringify({ revision: template.revision, ...asked }),
  });

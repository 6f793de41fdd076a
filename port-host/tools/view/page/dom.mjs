// SPDX-License-Identifier: Apache-2.0 OR MIT
// Elements of the page, without ever taking a text for markup.

export function find(id) {
    return document.getElementById(id);
}

export function element(name, {text, className, style, title} = {}, ...children) {
    const made = document.createElement(name);
    if (text !== undefined) {
        made.textContent = text;
    }
    if (className) {
        made.className = className;
    }
    if (title) {
        made.title = title;
    }
    Object.entries(style ?? {}).forEach(([property, value]) => made.style.setProperty(property, value));
    made.append(...children);
    return made;
}

export function button(text, act, className) {
    const made = element("button", {text, className});
    made.type = "button";
    made.addEventListener("click", act);
    return made;
}

// Rows of two cells, texts or elements. A short amount is not broken, a text of several lines only where it ends them.
export function rows(pairs) {
    const isShort = (content) => content.length < 20 && !content.includes("\n");
    return pairs.map(([name, content]) => element("tr", {}, element("td", {}, name),
        element("td", {className: isShort(content) ? "amount" : ""}, content)));
}

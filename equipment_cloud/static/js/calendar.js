/* Picking a period in the week calendar: drag over free cells, or Shift with the arrow keys. It fills `starts_at` and
   `ends_at` of the booking form and says so; it never submits. Without this file the cells are plain links. */
(() => {
  "use strict";

  const grids = new WeakSet();

  function setUp(calendar) {
    const form = document.querySelector(calendar.dataset.form);
    const from = form?.elements.namedItem("starts_at");
    const to = form?.elements.namedItem("ends_at");
    if (!from || !to || grids.has(calendar)) {
      return; // no form on this page: the links lead to it
    }
    grids.add(calendar);
    const columns = columnsOf(calendar);
    const links = [...calendar.querySelectorAll("[data-start]")];
    let anchor = null;
    let dragging = false;

    const show = () => links.forEach((link) => {
      const inside = from.value && link.dataset.start >= from.value && link.dataset.end <= to.value;
      link.toggleAttribute("aria-current", Boolean(inside));
      if (inside) {
        link.setAttribute("aria-current", "true");
      }
    });

    /** Take the run of free cells from one link to another of the same day; stop where something is in between. */
    const take = (first, last) => {
      const column = columns.find((one) => one.includes(first)) ?? [first];
      const [low, high] = [column.indexOf(first), column.indexOf(last)].sort((a, b) => a - b);
      const run = low < 0 ? [first] : column.slice(low, high + 1);
      const whole = run.every((link, index) => index === 0 || run[index - 1].dataset.end === link.dataset.start);
      if (!whole) {
        return;
      }
      from.value = run[0].dataset.start;
      to.value = run[run.length - 1].dataset.end;
      show();
    };

    const settle = () => {
      from.dispatchEvent(new Event("change", { bubbles: true }));
      const status = calendar.querySelector("[data-calendar-status]");
      if (status) {
        status.textContent = `${from.value.replace("T", " ")} – ${to.value.replace("T", " ")}`;
      }
    };

    calendar.addEventListener("pointerdown", (event) => {
      const link = event.target.closest("[data-start]");
      if (!link || event.button !== 0 || event.pointerType === "touch") {
        return; // a finger may be scrolling: its tap comes as a click
      }
      anchor = event.shiftKey && anchor ? anchor : link;
      dragging = true;
      take(anchor, link);
    });
    calendar.addEventListener("pointerover", (event) => {
      const link = dragging && event.target.closest("[data-start]");
      if (link) {
        take(anchor, link);
      }
    });
    document.addEventListener("pointerup", () => {
      if (dragging) {
        dragging = false;
        settle();
      }
    });
    calendar.addEventListener("dragstart", (event) => event.preventDefault());
    calendar.addEventListener("click", (event) => {
      const link = event.target.closest("[data-start]");
      if (!link) {
        return;
      }
      event.preventDefault();
      if (event.detail === 0 || event.pointerType === "touch") {
        // A key or a finger: a second tap later on the same day extends the first.
        const extends_ = event.pointerType === "touch" && anchor && sameDay(columns, anchor, link);
        anchor = extends_ ? anchor : link;
        take(anchor, link);
        settle();
      }
    });
    calendar.addEventListener("keydown", (event) => {
      const link = event.target.closest("td [data-start]");
      const next = link && neighbour(columns, link, event.key);
      if (!next) {
        return;
      }
      event.preventDefault();
      rove(links, next);
      next.focus();
      if (event.shiftKey) {
        anchor ??= link;
        take(anchor, next);
        settle();
      } else {
        anchor = next;
      }
    });
    [from, to].forEach((input) => input.addEventListener("change", show));
    const chosen = links.find((link) => from.value && link.dataset.start === from.value);
    rove(links, chosen ?? links.find((link) => link.closest("td")));
    show();
  }

  /** The free cells of each day, from top to bottom. */
  function columnsOf(calendar) {
    const rows = [...calendar.querySelectorAll("tbody tr")];
    return Array.from({ length: 7 }, (_unused, day) => rows
      .map((row) => row.querySelectorAll("td")[day]?.querySelector("[data-start]"))
      .filter(Boolean));
  }

  function sameDay(columns, first, last) {
    return columns.some((column) => column.includes(first) && column.indexOf(last) > column.indexOf(first));
  }

  function neighbour(columns, link, key) {
    const day = columns.findIndex((column) => column.includes(link));
    const index = columns[day].indexOf(link);
    if (key === "ArrowDown" || key === "ArrowUp") {
      return columns[day][index + (key === "ArrowDown" ? 1 : -1)];
    }
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const time = link.dataset.start.slice(11);
      const step = key === "ArrowRight" ? 1 : -1;
      for (let other = day + step; other >= 0 && other < 7; other += step) {
        const found = columns[other].find((candidate) => candidate.dataset.start.slice(11) >= time);
        if (found) {
          return found;
        }
      }
    }
    return undefined;
  }

  /** One stop for the Tab key in the grid; the arrows move inside. */
  function rove(links, current) {
    links.filter((link) => link.closest("td")).forEach((link) => {
      link.tabIndex = link === current ? 0 : -1;
    });
  }

  const all = (root) => root.querySelectorAll("[data-week-calendar]").forEach(setUp);
  document.addEventListener("DOMContentLoaded", () => all(document));
  document.addEventListener("htmx:afterSwap", () => all(document));
})();

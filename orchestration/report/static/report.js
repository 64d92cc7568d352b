// Adds sorting to tables marked data-sortable and a filter to long ones. The pages work without it.
(function () {
  "use strict";

  function sortValue(cell) {
    var text = cell ? cell.textContent.trim() : "";
    var number = text.replace(/,/g, "").match(/^[£−-]?\d+(\.\d+)?/);
    return number ? parseFloat(number[0].replace("£", "").replace("−", "-")) : text.toLowerCase();
  }

  function compare(a, b) {
    if (typeof a === typeof b) { return a < b ? -1 : a > b ? 1 : 0; }
    return typeof a === "number" ? -1 : 1;
  }

  function makeSortable(table) {
    var body = table.tBodies[0];
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      var button = document.createElement("button");
      var printed = document.createElement("span");
      button.type = "button";
      button.textContent = printed.textContent = head.textContent;
      // A browser repeats the head of a table on every sheet of paper, but none that holds a button.
      printed.className = "printed";
      printed.setAttribute("aria-hidden", "true");
      head.textContent = "";
      head.append(button, printed);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        Array.prototype.slice.call(body.rows)
          .map(function (row, place) { return { row: row, place: place, value: sortValue(row.cells[column]), last: row.className === "total" }; })
          .sort(function (a, b) {
            if (a.last !== b.last) { return a.last ? 1 : -1; }
            return (down ? -1 : 1) * compare(a.value, b.value) || a.place - b.place;
          })
          .forEach(function (entry) { body.appendChild(entry.row); });
      });
    });
  }

  function makeFilter(table) {
    var box = document.createElement("div");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var told = document.createElement("span");
    input.type = "search";
    input.id = "filter-" + table.id;
    label.htmlFor = input.id;
    label.textContent = "Show only rows with";
    told.className = "quiet";
    told.setAttribute("role", "status");
    box.className = "filter";
    box.append(label, input, told);
    table.closest(".scroll").before(box);
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      var shown = 0;
      Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
        row.hidden = wanted !== "" && row.textContent.toLowerCase().indexOf(wanted) < 0;
        shown += row.hidden ? 0 : 1;
      });
      told.textContent = wanted ? shown + " of " + table.tBodies[0].rows.length : "";
    });
  }

  document.querySelectorAll("table[data-sortable]").forEach(function (table, number) {
    table.id = table.id || "table-" + number;
    makeSortable(table);
    if (table.tBodies[0].rows.length > 12) { makeFilter(table); }
  });

  // On a phone the row of pages scrolls: the page one is on stands in view.
  var here = document.querySelector(".top__nav [aria-current]");
  if (here) { here.closest("ul").scrollLeft = here.offsetLeft - 16; }

  // A link to an answer opens its method; printing opens every folded table.
  function openTarget() {
    var found = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    var details = found && (found.tagName === "DETAILS" ? found : found.querySelector("details.how"));
    var around = found && found.closest("details");
    if (details) { details.open = true; }
    if (around) { around.open = true; }
  }
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.fold").forEach(function (details) { details.open = true; });
  });
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();

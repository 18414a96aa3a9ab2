/* The verifier's page: a button beside each field and line chooses that part in the next free row of the return form.
   The queue: one button ticks all proposals of the page, or none when all are ticked. */
(function () {
  'use strict';

  document.addEventListener('click', function (event) {
    var button = event.target.closest ? event.target.closest('[data-pick-all]') : null;
    if (!button) { return; }
    var boxes = [].slice.call(button.form.querySelectorAll('input[name="proposal"]'));
    var all = boxes.every(function (box) { return box.checked; });
    boxes.forEach(function (box) { box.checked = !all; });
  });

  var rows = document.querySelector('[data-point-rows]');
  var blank = document.querySelector('[data-point-blank]');
  var more = document.querySelector('[data-point-more]');
  var total = document.querySelector('[name="catatan-TOTAL_FORMS"]');
  var most = document.querySelector('[name="catatan-MAX_NUM_FORMS"]');
  if (!rows || !blank || !total) { return; }

  function add() {
    var number = parseInt(total.value, 10);
    if (number >= parseInt(most.value, 10)) { return null; }
    var holder = document.createElement('div');
    holder.innerHTML = blank.innerHTML.replace(/__prefix__/g, String(number));
    var row = holder.firstElementChild;
    var legend = row.querySelector('legend');
    legend.textContent = legend.textContent.trim() + ' ' + (number + 1);
    rows.appendChild(row);
    total.value = String(number + 1);
    return row;
  }

  function free() {
    var found = [].filter.call(rows.children, function (row) { return !row.querySelector('textarea').value.trim(); });
    return found[0] || add();
  }

  more.hidden = false;
  more.addEventListener('click', function () {
    var row = add();
    if (row) { row.querySelector('select').focus(); }
  });

  document.addEventListener('click', function (event) {
    var button = event.target.closest ? event.target.closest('[data-point]') : null;
    var row = button && free();
    if (!row) { return; }
    row.querySelector('select').value = button.getAttribute('data-point');
    [].forEach.call(rows.children, function (each) { each.classList.toggle('point-called', each === row); });
    row.querySelector('textarea').focus();
  });
}());

/* The RAB: amounts and totals as one types, shares of funding beside them, indicators. Needs saver, quantities, rows. */
(function () {
  'use strict';

  var portal = window.portal;
  var numbers = portal.numbers;
  var root = document.querySelector('[data-costs]');
  if (!root || !root.querySelector('fieldset:not([disabled])')) { return; }
  var phrases = root.dataset;
  var saver = portal.saver({ state: document.querySelector('[data-save-state]'), store: phrases.store });
  var shares = root.querySelector('[data-shares]');

  function slot(element, name) { return element.querySelector('[data-slot="' + name + '"]'); }
  function find(selector) { return root.querySelector(selector); }
  root.classList.add('is-live');
  root.querySelectorAll('[data-live]').forEach(function (node) { node.hidden = false; });

  /* -- amounts and totals --------------------------------------------------------------------------------------------------- */

  function amountOf(row) {
    var fields = row.form.elements;
    var quantity = numbers.quantity(fields.quantity_text.value);
    var price = numbers.rupiah(fields.unit_price_rupiah.value);
    row.amount = numbers.amount(quantity, price);
    var text = row.amount === null ? '–' : numbers.written(row.amount);
    slot(row.el, 'amount').textContent = text;
    slot(row.el, 'sum').textContent = text;
    slot(row.el, 'what').textContent = fields.description.value.trim() || phrases.untitled;
    slot(row.el, 'how').textContent = [fields.quantity_text.value, fields.source.options[fields.source.selectedIndex].text].filter(Boolean).join(' · ');
  }

  var sums = {};
  var total = numbers.zero;

  function addUp() {
    sums = {};
    total = numbers.zero;
    lines.all.forEach(function (row) {
      if (row.amount === undefined) { amountOf(row); }
      var source = row.form.elements.source.value;
      sums[source] = (sums[source] || numbers.zero) + (row.amount || numbers.zero);
      total += row.amount || numbers.zero;
    });
    slot(root, 'total-all').textContent = numbers.written(total);
    showShares();
  }

  /* -- shares ------------------------------------------------------------------------------------------------------------------ */

  function shareRows() { return Array.prototype.slice.call(shares.querySelectorAll('[data-source]')); }
  function shareField(row) { return row.querySelector('.form-control'); }

  function difference(cell, used, lacks) {
    cell.textContent = '';
    if (!used) { return; }
    var badge = find('template[data-difference="' + (lacks === numbers.zero ? 'fits' : 'wrong') + '"]').content.cloneNode(true);
    cell.appendChild(badge);
    if (lacks === numbers.zero) { return; }
    var words = lacks > numbers.zero ? phrases.lacks : phrases.exceeds;
    var money = numbers.written(lacks > numbers.zero ? lacks : -lacks);
    cell.firstElementChild.lastChild.textContent = words.replace('%s', money);
  }

  function showShares() {
    var told = { budget: numbers.zero, other: numbers.zero };
    var costs = { budget: numbers.zero, other: numbers.zero };
    var hidden = 0;
    shareRows().forEach(function (row) {
      var lines = sums[row.getAttribute('data-source')] || numbers.zero;
      var field = shareField(row);
      var share = numbers.share(field.value, total);
      var kind = row.getAttribute('data-budget') ? 'budget' : 'other';
      told[kind] += share || numbers.zero;
      costs[kind] += lines;
      slot(row, 'lines').textContent = numbers.written(lines);
      var used = lines !== numbers.zero || field.value.trim() !== '';
      difference(slot(row, 'difference'), used, lines - (share || numbers.zero));
      row.classList.toggle('is-unused', !used && field !== document.activeElement);
      hidden += row.classList.contains('is-unused') ? 1 : 0;
    });
    ['budget', 'other'].forEach(function (kind) {
      slot(shares, 'total-' + kind).textContent = numbers.written(costs[kind]);
      slot(shares, 'share-' + kind).textContent = numbers.written(told[kind]);
    });
    var unsourced = sums[''] || numbers.zero;
    slot(shares, 'unsourced').textContent = numbers.written(unsourced);
    shares.querySelector('[data-unsourced]').hidden = unsourced === numbers.zero;
    shares.querySelector('[data-unused]').hidden = hidden === 0;
  }

  function shareValues() {
    var values = {};
    shares.querySelectorAll('input[name^="share-"], input[name^="seen-"]').forEach(function (field) { values[field.name] = field.value; });
    return values;
  }

  function takeShares(stored, everything) {
    shareRows().forEach(function (row) {
      var key = row.getAttribute('data-source');
      var field = shareField(row);
      row.querySelector('[name="seen-' + key + '"]').value = stored[key] || '';
      if (everything || field !== document.activeElement) { field.value = stored[key] || ''; }
    });
    showShares();
  }

  function refuseShares(errors, sentence) {
    shareRows().forEach(function (row) {
      var wrong = errors && errors['share-' + row.getAttribute('data-source')];
      slot(row, 'error').textContent = wrong ? [].concat(wrong)[0] : '';
      slot(row, 'error').hidden = !wrong;
      shareField(row).classList.toggle('is-invalid', Boolean(wrong));
    });
    if (sentence && !errors) { portal.toast({ text: sentence, tone: 'danger' }); }
  }

  function shareConflict(answer) {
    var holder = slot(root, 'shares-conflict');
    holder.hidden = false;
    holder.textContent = '';
    var panel = find('template[data-shares-conflict]').content.cloneNode(true);
    slot(panel, 'sentence').textContent = answer.sentence;
    var list = slot(panel, 'stored');
    shareRows().forEach(function (row) {
      var stored = answer.stored[row.getAttribute('data-source')] || '';
      if (numbers.share(stored, total) === numbers.share(shareField(row).value, total)) { return; }
      var item = document.createElement('li');
      item.textContent = row.querySelector('th span').textContent + ': ' + numbers.written(numbers.rupiah(stored) || numbers.zero);
      list.appendChild(item);
    });
    panel.querySelectorAll('[data-take]').forEach(function (button) {
      button.addEventListener('click', function () {
        holder.hidden = true;
        if (button.getAttribute('data-take') === 'stored') { saver.drop('porsi'); takeShares(answer.stored, true); return; }
        shareRows().forEach(function (row) { var key = row.getAttribute('data-source'); row.querySelector('[name="seen-' + key + '"]').value = answer.stored[key] || ''; });
        saveShares(true);
      });
    });
    holder.appendChild(panel);
  }

  function saveShares(soon) {
    saver.put({
      key: 'porsi', url: shares.getAttribute('action'), values: shareValues, soon: soon,
      onSaved: function (answer, sent, latest) { if (latest) { refuseShares(null, ''); takeShares(answer.shares); } else { keepSeen(answer.shares); } },
      onConflict: shareConflict,
      onRefused: function (sentence, errors) { refuseShares(errors, sentence); }
    });
  }

  // Something newer is typed already: remember only what the server has now.
  function keepSeen(stored) {
    shareRows().forEach(function (row) { var key = row.getAttribute('data-source'); row.querySelector('[name="seen-' + key + '"]').value = stored[key] || ''; });
  }

  shares.setAttribute('data-own-submit', '');
  shares.addEventListener('submit', function (event) { event.preventDefault(); });
  shares.addEventListener('input', function () { showShares(); saveShares(); });
  shares.addEventListener('focusout', function () { setTimeout(showShares, 0); });
  shares.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') { return; }
    event.preventDefault();
    var all = shareRows().filter(function (row) { return row.offsetParent; }).map(shareField);
    var next = all[all.indexOf(event.target) + 1];
    if (next) { next.focus(); next.select(); }
  });
  find('[data-unused]').addEventListener('click', function (event) {
    var on = !shares.classList.contains('shows-all');
    shares.classList.toggle('shows-all', on);
    event.currentTarget.setAttribute('aria-expanded', String(on));
  });

  var fillForm = find('[data-fill]');
  fillForm.setAttribute('data-own-submit', '');
  fillForm.addEventListener('submit', function (event) {
    event.preventDefault();
    shareRows().forEach(function (row) {
      var lines = sums[row.getAttribute('data-source')] || numbers.zero;
      shareField(row).value = lines === numbers.zero ? '' : numbers.written(lines).replace('Rp', '');
    });
    showShares();
    saveShares(true);
  });

  /* -- the two lists ------------------------------------------------------------------------------------------------------------- */

  var lines = { all: [] };
  function list(prefix, more) {
    return portal.rows(Object.assign({
      list: find('[data-rows="' + prefix + '"]'), template: find('[data-row-template="' + prefix + '"]'), saver: saver, prefix: prefix,
      tools: find('[data-row-tools]'), phrases: phrases
    }, more));
  }
  lines = list('line', { summary: find('[data-row-summary]'), movable: true, most: 300, onRow: amountOf, onChange: function () { if (lines.list) { addUp(); } } });
  var indicators = list('indicator', { most: 30 });
  addUp();
  root.querySelectorAll('[data-add]').forEach(function (link) {
    link.addEventListener('click', function (event) { event.preventDefault(); (link.getAttribute('data-add') === 'line' ? lines : indicators).add(); });
  });

  var copy = saver.copy('porsi');
  if (copy) {
    Object.keys(copy.values).forEach(function (name) { if (shares.elements[name]) { shares.elements[name].value = copy.values[name]; } });
    showShares();
    saveShares(true);
  }

  // The words of the sub-activity come as one more row; what is still on its way (the sub-activity itself) goes first.
  var official = find('[data-official]');
  official.setAttribute('data-own-submit', '');
  official.addEventListener('submit', function (event) {
    event.preventDefault();
    saver.flush().then(function () { return portal.fetch(official.getAttribute('action'), { method: 'POST' }); }).then(function (response) {
      return portal.readAnswer(response).then(function (answer) {
        if (!response.ok) { portal.failure(response.status, answer.sentence); return; }
        indicators.show(answer);
      });
    }).catch(function () { portal.toast({ text: portal.phrases.noConnection, tone: 'danger' }); });
  });

  portal.costs = { lines: lines, root: root, phrases: phrases, addUp: addUp };
})();

/* Rows that save themselves: portal.rows turns a list of small forms into a table one types through.

   var rows = portal.rows({list, template, tools, summary, saver, prefix: 'line', most: 300, phrases,
                           onChange: function () {…}, onRow: function (row) {…}});
   rows.add(), rows.adopt(element), rows.all, rows.values(row)

   Each row is one copy on the device and one request at a time (js/saver.js). A row made here has a key, so that it is
   stored once however often it is sent. Enter goes down, Alt+arrows move, Ctrl+Z brings the deleted row back.
   A conflict is shown in its row with both texts; nothing is overwritten. Chrome 70. */
(function () {
  'use strict';

  var portal = window.portal;

  function slot(element, name) { return element.querySelector('[data-slot="' + name + '"]'); }

  // "30 x 3" and "30 × 3", "1000" and "1.000" are the same answer of the server.
  function same(a, b) {
    function even(text) { return String(text === undefined ? '' : text).toLowerCase().replace(/[\s.]/g, '').replace(/[x*]/g, '×'); }
    return even(a) === even(b);
  }

  function Rows(options) {
    Object.assign(this, options);
    this.newUrl = this.list.getAttribute('data-new-url');
    this.all = [];
    this.known = new Map();
    this.gone = [];
    Array.prototype.forEach.call(this.list.children, this.adopt, this);
    this.list.addEventListener('input', this.typed.bind(this));
    this.list.addEventListener('change', this.typed.bind(this));
    this.list.addEventListener('keydown', this.pressed.bind(this));
    this.list.addEventListener('click', this.clicked.bind(this));
    this.list.addEventListener('focusin', this.entered.bind(this));
    this.resume();
    this.changed();
  }

  /* -- rows ------------------------------------------------------------------------------------------------------------ */

  Rows.prototype.adopt = function (element) {
    var data = element.dataset;
    var row = { el: element, form: element.querySelector('form'), id: data.id, key: data.key, version: Number(data.version) || 0, tried: [] };
    if (!row.id && !row.key) { row.key = portal.uuid(); }
    row.url = row.form.getAttribute('action');
    row.name = this.prefix + ':' + (row.key || row.id);
    row.form.setAttribute('data-own-submit', '');
    row.form.addEventListener('submit', function (event) { event.preventDefault(); });
    row.form.appendChild(this.tools.content.firstElementChild.cloneNode(true));
    if (this.summary) { row.form.appendChild(this.summary.content.firstElementChild.cloneNode(true)); }
    this.all.push(row);
    this.known.set(element, row);
    return row;
  };

  Rows.prototype.make = function () {
    var element = this.template.content.firstElementChild.cloneNode(true);
    this.list.appendChild(element);
    return this.adopt(element);
  };

  // A row that the server made: put in its place, or found again.
  Rows.prototype.show = function (answer) {
    var row = this.all.filter(function (each) { return each.id === String(answer.id); })[0];
    if (!row) {
      row = this.make();
      fill(row, answer.texts);
      this.saved(row, answer, {}, true);
    }
    this.focus(row, 'target');
  };

  Rows.prototype.of = function (node) {
    return (node && node.closest && this.known.get(node.closest('[data-row]'))) || null;
  };

  Rows.prototype.inOrder = function () {
    var rows = this;
    return Array.prototype.map.call(this.list.children, function (element) { return rows.of(element); }).filter(Boolean);
  };

  Rows.prototype.add = function () {
    if (this.list.children.length >= this.most) { portal.toast({ text: this.phrases.most, tone: 'warning' }); return null; }
    var before = this.inOrder().pop();
    var row = this.make();
    // The next line is mostly paid from the same source.
    fields(row).forEach(function (field) { if (before && field.tagName === 'SELECT') { field.value = before.form.elements[field.name].value; } });
    this.changed(row);
    this.focus(row);
    return row;
  };

  Rows.prototype.focus = function (row, name) {
    if (!row) { return; }
    this.open(row);
    var field = (name && row.form.elements[name]) || row.form.querySelector('input.form-control, .form-select');
    field.focus();
    if (field.select) { field.select(); }
  };

  function fields(row) {
    return Array.prototype.filter.call(row.form.elements, function (field) { return field.name && field.type !== 'hidden'; });
  }

  Rows.prototype.values = function (row) {
    var values = {};
    fields(row).forEach(function (field) { values[field.name] = field.value; });
    return values;
  };

  function blank(row) { return fields(row).every(function (field) { return field.tagName === 'SELECT' || !field.value.trim(); }); }

  function fill(row, texts) {
    fields(row).forEach(function (field) { if (texts[field.name] !== undefined) { field.value = texts[field.name]; } });
  }

  Rows.prototype.changed = function (row) {
    this.inOrder().forEach(function (each, place) { slot(each.el, 'number').textContent = place + 1; });
    var empty = slot(this.list.parentNode, 'empty');
    if (empty) { empty.hidden = this.list.children.length > 0; }
    this.told(row);
  };

  Rows.prototype.told = function (row) {
    if (this.onRow && row) { this.onRow(row); }
    if (this.onChange) { this.onChange(row || null); }
  };

  // On a phone only the row one works in is open.
  Rows.prototype.open = function (row) {
    this.all.forEach(function (each) {
      each.el.classList.toggle('is-open', each === row);
      var button = each.el.querySelector('[data-act="open"]');
      if (button) { button.setAttribute('aria-expanded', String(each === row)); }
    });
  };

  /* -- saving ---------------------------------------------------------------------------------------------------------- */

  Rows.prototype.save = function (row, soon) {
    var rows = this;
    if (!row.id && blank(row)) { this.saver.drop(row.name); return; }
    this.saver.put({
      key: row.name, url: row.url, soon: soon,
      values: function () {
        var values = rows.values(row);
        row.tried = row.tried.slice(-4).concat(Object.assign({}, values));
        return Object.assign(values, { base_version: row.version, key: row.key || '' });
      },
      onSaved: function (answer, sent, latest) { rows.saved(row, answer, sent, latest); },
      onConflict: function (answer) { rows.conflict(row, answer); },
      onRefused: function (sentence, errors) { refuse(row, sentence, errors); }
    });
  };

  Rows.prototype.saved = function (row, answer, sent, latest) {
    var fresh = !row.id;
    row.id = String(answer.id);
    row.version = answer.version;
    row.url = answer.url;
    row.tried = [];
    row.el.id = this.prefix + '-' + answer.id;
    if (row.gone) { this.sendDelete(row); return; }
    if (fresh && row.moved) { this.sendPlace(row); }
    if (!latest) { return; }
    refuse(row, '', null);
    dropConflict(row);
    fields(row).forEach(function (field) {
      if (field !== document.activeElement && field.value === sent[field.name] && answer.texts[field.name] !== undefined) { field.value = answer.texts[field.name]; }
    });
    this.told(row);
  };

  function refuse(row, sentence, errors) {
    row.el.querySelectorAll('[data-error]').forEach(function (node) { node.remove(); });
    fields(row).forEach(function (field) { field.classList.remove('is-invalid'); field.removeAttribute('aria-invalid'); });
    if (!sentence) { return; }
    var placed = false;
    Object.keys(errors || {}).forEach(function (name) {
      var field = row.form.elements[name];
      if (!field || !field.classList) { return; }
      field.classList.add('is-invalid');
      field.setAttribute('aria-invalid', 'true');
      field.parentNode.appendChild(errorNode([].concat(errors[name])[0]));
      placed = true;
    });
    if (!placed) { row.form.appendChild(errorNode(sentence)); }
  }

  function errorNode(sentence) {
    var node = document.createElement('span');
    node.className = 'invalid-feedback';
    node.setAttribute('data-error', '');
    node.setAttribute('role', 'alert');
    node.textContent = sentence;
    return node;
  }

  /* -- conflicts ------------------------------------------------------------------------------------------------------- */

  function dropConflict(row) { row.el.querySelectorAll('[data-row-conflict]').forEach(function (node) { node.remove(); }); }

  Rows.prototype.conflict = function (row, answer) {
    // The stored text is one we sent ourselves: only its answer was lost.
    var own = !answer.deleted && row.tried.some(function (values) {
      return Object.keys(answer.stored).every(function (name) { return same(values[name], answer.stored[name]); });
    });
    row.id = String(answer.id);
    if (own) { row.version = answer.version; this.save(row, true); return; }
    dropConflict(row);
    var holder = document.createElement('div');
    holder.innerHTML = answer.panel;
    row.el.appendChild(holder.firstElementChild);
    row.answer = answer;
    this.open(row);
  };

  Rows.prototype.choose = function (row, choice) {
    dropConflict(row);
    if (choice === 'gone') { this.saver.drop(row.name); this.takeOut(row); return; }
    if (choice === 'again') {
      this.saver.drop(row.name);
      row.id = '';
      row.key = portal.uuid();
      row.name = this.prefix + ':' + row.key;
      row.version = 0;
      row.url = this.newUrl;
      this.save(row, true);
      return;
    }
    row.version = row.answer.version;
    if (choice === 'stored') { this.saver.drop(row.name); fill(row, row.answer.stored); refuse(row, '', null); this.changed(row); } else { this.save(row, true); }
    this.focus(row);
  };

  /* -- deleting, undoing, moving ------------------------------------------------------------------------------------------ */

  Rows.prototype.takeOut = function (row) {
    var next = row.el.nextElementSibling || row.el.previousElementSibling;
    row.el.remove();
    this.all = this.all.filter(function (each) { return each !== row; });
    this.changed();
    this.focus(this.of(next));
    return next;
  };

  Rows.prototype.remove = function (row) {
    var rows = this;
    var after = row.el.nextElementSibling;
    row.gone = true;
    this.saver.drop(row.name);
    this.takeOut(row);
    if (!row.id && blank(row)) { return; }
    if (row.id) { this.sendDelete(row); }
    this.untouched = true;
    var toast = portal.toast({ text: this.phrases.deleted, action: { label: this.phrases.undo, run: function () { rows.undo(row); } }, seconds: 20 });
    this.gone.push({ row: row, before: after, toast: toast });
  };

  Rows.prototype.sendDelete = function (row) {
    var rows = this;
    this.saver.put({
      key: 'hapus:' + row.name, url: row.url + 'hapus/', soon: true,
      values: function () { return { base_version: row.version }; },
      onSaved: function (answer) { row.version = answer.version || row.version; },
      onConflict: function (answer) { rows.saver.drop('hapus:' + row.name); rows.putBack(row, null); rows.conflict(row, answer); },
      onRefused: function (sentence) { rows.saver.drop('hapus:' + row.name); rows.putBack(row, null); refuse(row, sentence, null); }
    });
  };

  Rows.prototype.putBack = function (row, before) {
    this.gone = this.gone.filter(function (each) { return each.row !== row; });
    if (!row.gone) { return; }
    row.gone = false;
    this.list.insertBefore(row.el, before && before.parentNode === this.list ? before : null);
    this.all.push(row);
    this.changed(row);
  };

  Rows.prototype.undo = function (wanted) {
    var rows = this;
    var last = wanted ? this.gone.filter(function (each) { return each.row === wanted; })[0] : this.gone[this.gone.length - 1];
    if (!last) { return false; }
    var row = last.row;
    if (last.toast) { last.toast.remove(); }
    this.putBack(row, last.before);
    if (row.id) {
      this.saver.drop('hapus:' + row.name);
      this.saver.put({
        key: 'kembali:' + row.name, url: row.url + 'kembalikan/', soon: true, values: {},
        onSaved: function (answer) { row.version = answer.version; rows.save(row, true); },
        onRefused: function (sentence) { refuse(row, sentence, null); }
      });
    } else { this.save(row, true); }
    this.focus(row);
    return true;
  };

  Rows.prototype.move = function (row, step) {
    var other = step < 0 ? row.el.previousElementSibling : row.el.nextElementSibling;
    if (!other || !this.movable) { return; }
    var field = document.activeElement;
    this.list.insertBefore(row.el, step < 0 ? other : other.nextElementSibling);
    if (row.el.contains(field)) { field.focus(); }
    row.moved = true;
    if (row.id) { this.sendPlace(row); }
    this.changed(row);
  };

  Rows.prototype.sendPlace = function (row) {
    var rows = this;
    this.saver.put({
      key: 'pindah:' + row.name, url: row.url + 'pindah/',
      values: function () {
        var element = row.el.nextElementSibling;
        while (element && !(rows.of(element) || {}).id) { element = element.nextElementSibling; }
        return { before: element ? rows.of(element).id : 'akhir' };
      },
      onRefused: function (sentence) { refuse(row, sentence, null); }
    });
  };

  /* -- what people do --------------------------------------------------------------------------------------------------- */

  Rows.prototype.typed = function (event) {
    var row = this.of(event.target);
    if (!row || !event.target.name) { return; }
    this.untouched = false;
    this.save(row);
    this.told(row);
  };

  Rows.prototype.entered = function (event) {
    var row = this.of(event.target);
    if (row && event.target.name) { this.open(row); }
  };

  Rows.prototype.clicked = function (event) {
    var button = event.target.closest ? event.target.closest('[data-act], [data-choice]') : null;
    var row = button && this.of(button);
    if (!row) { return; }
    var act = button.getAttribute('data-act');
    if (button.hasAttribute('data-choice')) { this.choose(row, button.getAttribute('data-choice')); }
    if (act === 'delete') { this.remove(row); }
    if (act === 'up' || act === 'down') { this.move(row, act === 'up' ? -1 : 1); button.focus(); }
    if (act === 'open') { if (row.el.classList.contains('is-open')) { this.open(null); } else { this.focus(row); } }
  };

  Rows.prototype.pressed = function (event) {
    var row = this.of(event.target);
    var field = event.target;
    if (!row) { return; }
    if (event.ctrlKey && !event.shiftKey && event.key.toLowerCase() === 'z' && this.untouched && this.gone.length) { event.preventDefault(); this.undo(); return; }
    if (!field.name || event.ctrlKey || event.metaKey) { return; }
    var arrow = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (arrow && event.altKey) { event.preventDefault(); this.move(row, arrow); return; }
    if (arrow && field.tagName === 'INPUT' && !field.hasAttribute('list')) { this.step(event, row, arrow); return; }
    if (event.key === 'Enter' && field.tagName === 'INPUT') {
      event.preventDefault();
      if (row.el.nextElementSibling) { this.step(event, row, 1); } else if (!blank(row)) { this.add(); }
    }
  };

  Rows.prototype.step = function (event, row, by) {
    var other = this.of(by < 0 ? row.el.previousElementSibling : row.el.nextElementSibling);
    if (!other) { return; }
    event.preventDefault();
    this.focus(other, event.target.name);
  };

  /* -- what an earlier visit left on the device ----------------------------------------------------------------------------- */

  Rows.prototype.resume = function () {
    var rows = this;
    var saver = this.saver;
    saver.copies().forEach(function (copy) {
      var found = /^(hapus:|kembali:|pindah:)?(.*)$/.exec(copy.key);
      if (found[2].indexOf(rows.prefix + ':') !== 0) { return; }
      var row = rows.all.filter(function (each) { return each.name === found[2]; })[0];
      if (found[1]) {
        if (!row) { saver.drop(copy.key); return; }
        if (found[1] === 'hapus:') { row.version = Number(copy.values.base_version) || row.version; rows.remove(row); } else { saver.resume(copy.key, {}); }
        return;
      }
      if (!row) {
        row = rows.make();
        row.name = found[2];
        row.key = copy.values.key || '';
        row.url = copy.url;
      }
      fill(row, copy.values);
      row.version = Number(copy.values.base_version) || 0;
      row.tried = [copy.values];
      rows.save(row, true);
      if (rows.onRow) { rows.onRow(row); }
    });
  };

  portal.rows = function (options) { return new Rows(options); };
})();

/* The editor of a contract's wording: each part saves itself (saver.js), clauses move, variables go in at the cursor, and
   the preview follows what is stored. Works on Chrome 70: no ?. ?? and no modules. */
(function () {
  'use strict';

  var portal = window.portal;
  var form = document.querySelector('[data-wording]');
  if (!form || !portal || !portal.saver) { return; }
  var setup = JSON.parse(document.getElementById('wording-setup').textContent);
  var labels = JSON.parse(document.getElementById('proposal-labels').textContent);
  var phrases = document.getElementById('wording-phrases').dataset;
  var saver = portal.saver({ state: document.querySelector('[data-save-state]'), store: 'templat:' + setup.version });
  var list = form.querySelector('[data-clauses]');
  var pattern = form.querySelector('[data-clause-pattern]').content.querySelector('[data-clause]');
  var parts = {};
  document.body.classList.add('has-script');
  form.setAttribute('data-own-submit', '');
  form.addEventListener('submit', function (event) { event.preventDefault(); saver.flush().catch(function () { /* the state line tells */ }); });

  /* -- clauses on the page ---------------------------------------------------------------------------------------------- */

  function rows() { return Array.prototype.slice.call(list.querySelectorAll('[data-clause]')); }

  function read(row) {
    return { heading: row.querySelector('[name="clause-heading"]').value, body: row.querySelector('[name="clause-body"]').value.replace(/\r\n?/g, '\n') };
  }

  function number() {
    rows().forEach(function (row, place) {
      var name = row.querySelector('[data-number]');
      name.textContent = name.textContent.replace(/\d+/, place + 1);
      row.setAttribute('aria-label', name.textContent);
      row.querySelector('[data-up]').setAttribute('aria-disabled', String(place === 0));
      row.querySelector('[data-down]').setAttribute('aria-disabled', String(place === rows().length - 1));
    });
  }

  function made(clause) {
    var row = pattern.cloneNode(true);
    row.querySelector('[name="clause-heading"]').value = clause.heading;
    row.querySelector('[name="clause-body"]').value = clause.body;
    return row;
  }

  function lay(clauses) {
    list.textContent = '';
    clauses.forEach(function (clause) { list.appendChild(made(clause)); });
    number();
    list.querySelectorAll('textarea').forEach(grow);
  }

  /* -- one part: a text, or all clauses ------------------------------------------------------------------------------------- */

  function Part(box) {
    this.box = box;
    this.name = box.getAttribute('data-field');
    this.many = this.name === 'clauses';
    this.input = this.many ? null : box.querySelector('[name="' + this.name + '"]');
    this.base = Array.prototype.map.call(box.querySelectorAll('[data-base]'), function (input) { return input.value; });
    this.tried = [];
    this.errors = box.querySelector('[data-error]');
    parts[this.name] = this;
  }

  Part.prototype.text = function () { return this.many ? JSON.stringify(rows().map(read)) : this.input.value.replace(/\r\n?/g, '\n'); };

  Part.prototype.values = function () {
    var values = {};
    if (this.many) {
      var all = rows().map(read);
      values['clauses-sent'] = 1;
      values['clause-heading'] = all.map(function (clause) { return clause.heading; });
      values['clause-body'] = all.map(function (clause) { return clause.body; });
    } else { values[this.name] = this.text(); }
    values['base-' + this.name] = this.base.concat(this.tried);
    return values;
  };

  Part.prototype.fill = function (value) {
    if (this.many) { lay(value); } else { this.input.value = value; grow(this.input); }
  };

  Part.prototype.handlers = function () {
    var part = this;
    return {
      values: function () {
        var values = part.values();
        var text = part.text();
        if (saver.busy && saver.busy.key === part.name && part.tried.indexOf(text) < 0) { part.tried.push(text); }
        return values;
      },
      onSaved: function (answer, sent, latest) {
        var stored = answer.values ? answer.values[part.name] : undefined;
        if (stored !== undefined) { part.base = [part.many ? JSON.stringify(stored) : stored]; part.tried = []; }
        if (latest) { part.clear(); }
      },
      onConflict: function (answer) { part.conflict(answer.conflicts[part.name]); },
      onRefused: function (sentence, errors, status) { part.refused(sentence, status); }
    };
  };

  Part.prototype.save = function (soon) {
    this.clear();
    saver.put(Object.assign({ key: this.name, url: setup.url, soon: soon }, this.handlers()));
  };

  Part.prototype.clear = function () {
    this.errors.hidden = true;
    if (this.input) { this.input.classList.remove('is-invalid'); this.input.removeAttribute('aria-invalid'); }
    var choice = this.box.querySelector('.field-conflict');
    if (choice) { choice.remove(); }
  };

  Part.prototype.refused = function (sentence, status) {
    this.errors.textContent = sentence;
    this.errors.hidden = false;
    if (this.input) { this.input.classList.add('is-invalid'); this.input.setAttribute('aria-invalid', 'true'); }
    if (status === 403 || status === 404 || status === 409) { unsent(sentence); }
  };

  function button(label, style, run) {
    var node = document.createElement('button');
    node.type = 'button';
    node.className = 'btn btn-sm ' + style;
    node.textContent = label;
    node.addEventListener('click', run);
    return node;
  }

  // Both versions beside the part; nothing was overwritten, and nothing is until the user has chosen.
  Part.prototype.conflict = function (theirs) {
    if (!theirs) { return; }
    var part = this;
    var stored = part.many ? JSON.stringify(theirs.value) : theirs.value;
    this.clear();
    var box = document.createElement('div');
    box.className = 'field-conflict';
    box.setAttribute('role', 'alert');
    var said = document.createElement('p');
    said.className = 'fw-semibold mb-1';
    said.textContent = phrases.both;
    var text = document.createElement('blockquote');
    text.textContent = theirs.shown || phrases.empty;
    var choices = document.createElement('div');
    choices.className = 'cluster';
    choices.appendChild(button(phrases.mine, 'btn-primary', function () { part.base = [stored]; part.tried = []; part.save(true); }));
    choices.appendChild(button(phrases.stored, 'btn-secondary', function () {
      part.base = [stored];
      part.tried = [];
      saver.drop(part.name);
      part.clear();
      part.fill(theirs.value);
      preview();
    }));
    [said, text, choices].forEach(function (node) { box.appendChild(node); });
    this.box.appendChild(box);
  };

  // What the server does not take any more (published meanwhile, right lost): to copy or to throw away.
  function unsent(sentence) {
    var panel = document.querySelector('[data-unsent-panel]');
    panel.querySelector('[data-unsent-why]').textContent = sentence;
    portal.showUnsent(panel, saver, function (name) { return labels[name] || ''; });
  }

  /* -- typing and moving ------------------------------------------------------------------------------------------------------ */

  function grow(area) {
    if (area.tagName !== 'TEXTAREA' || !area.offsetParent) { return; }
    var lines = area.value.split('\n').reduce(function (sum, line) { return sum + 1 + Math.floor(line.length / Math.max(20, area.clientWidth / 8.4)); }, 0);
    area.rows = Math.max(3, Math.min(window.innerWidth < 768 ? 10 : 24, lines));
  }

  function partOf(node) { var box = node.closest('[data-field]'); return box && parts[box.getAttribute('data-field')]; }

  form.addEventListener('input', function (event) {
    var part = partOf(event.target);
    if (!part) { return; }
    grow(event.target);
    part.save();
  });

  function say(text) { form.querySelector('[data-clause-status]').textContent = text; }

  function move(row, step, focus) {
    var all = rows();
    var target = all[all.indexOf(row) + step];
    if (!target) { return; }
    list.insertBefore(row, step < 0 ? target : target.nextElementSibling);
    number();
    focus.focus();
    say(phrases.moved.replace('%s', rows().indexOf(row) + 1));
    parts.clauses.save(true);
  }

  function remove(row) {
    var kept = rows().map(read);
    var next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    number();
    (next ? next.querySelector('input') : form.querySelector('[data-add]')).focus();
    parts.clauses.save(true);
    portal.toast({ text: phrases.removed, tone: 'info', action: { label: phrases.undo, run: function () { lay(kept); parts.clauses.save(true); } }, seconds: 20 });
  }

  form.addEventListener('click', function (event) {
    var pressed = event.target.closest('button');
    if (!pressed || !pressed.matches('[data-up], [data-down], [data-remove], [data-add]')) { return; }
    event.preventDefault();
    var row = pressed.closest('[data-clause]');
    if (pressed.hasAttribute('data-add')) {
      var fresh = made({ heading: '', body: '' });
      list.appendChild(fresh);
      number();
      fresh.querySelector('input').focus();
    } else if (pressed.hasAttribute('data-remove')) { remove(row); } else { move(row, pressed.hasAttribute('data-up') ? -1 : 1, pressed); }
  });

  form.addEventListener('keydown', function (event) {
    var row = event.target.closest('[data-clause]');
    if (!row || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) { return; }
    event.preventDefault();
    move(row, event.key === 'ArrowUp' ? -1 : 1, event.target);
  });

  /* -- variables at the cursor ------------------------------------------------------------------------------------------------- */

  var last = null;
  form.addEventListener('focusin', function (event) {
    if (/^(text|textarea)$/.test(event.target.type) && event.target.name !== 'note') { last = event.target; }
  });

  // From a clause to the list of variables, and with the one chosen back to that clause.
  form.addEventListener('click', function (event) {
    var link = event.target.closest('[data-variables]');
    var row = link && link.closest('[data-clause]');
    if (row && !(last && row.contains(last))) { last = row.querySelector('textarea'); last.setSelectionRange(last.value.length, last.value.length); }
  });

  document.addEventListener('click', function (event) {
    var chosen = event.target.closest('[data-insert]');
    if (!chosen) { return; }
    if (!last || !last.isConnected) { portal.toast({ text: phrases.pick, tone: 'warning' }); return; }
    var code = chosen.getAttribute('data-insert');
    var from = last.selectionStart;
    last.setRangeText(code, from, last.selectionEnd, 'end');
    last.focus();
    if (code === '{isian_}') { last.setSelectionRange(from + code.length - 1, from + code.length - 1); }
    last.dispatchEvent(new Event('input', { bubbles: true }));
    say(phrases.inserted.replace('%s', code));
  });

  /* -- the preview --------------------------------------------------------------------------------------------------------------- */

  var waiting = null;
  function preview() {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      if (saver.waiting()) { return; /* another save comes, and with it another event */ }
      window.htmx.ajax('GET', setup.preview, { target: '#pratinjau', swap: 'outerHTML' });
    }, 400);
  }
  document.addEventListener('portal:saved', preview);

  /* -- begin ---------------------------------------------------------------------------------------------------------------------- */

  form.querySelectorAll('[data-field]').forEach(function (box) { return new Part(box); });
  number();
  form.querySelectorAll('textarea').forEach(grow);

  // What an earlier visit left on this device goes on its way now, from the text its writer had begun with.
  function resume() {
    var back = 0;
    Object.keys(parts).forEach(function (name) {
      var copy = saver.copy(name);
      if (!copy) { return; }
      back += 1;
      parts[name].base = [].concat(copy.values['base-' + name] || []);
      if (name === 'clauses') {
        var bodies = [].concat(copy.values['clause-body'] || []);
        parts[name].fill([].concat(copy.values['clause-heading'] || []).map(function (heading, place) { return { heading: heading, body: bodies[place] || '' }; }));
      } else { parts[name].fill(copy.values[name]); }
      saver.resume(name, parts[name].handlers());
    });
    if (back) { portal.toast({ text: phrases.restored, tone: 'info' }); }
  }
  resume();
})();

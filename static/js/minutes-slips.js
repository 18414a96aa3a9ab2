/* Minutes, part 2: slips (texts being written) and their forms. States: minutes-store.js; after a closed tab: minutes-restore.js. */
(function () {
  'use strict';

  var notula = window.notula;
  if (!notula) { return; }
  var portal = window.portal;
  var setup = notula.setup;
  var store = notula.store;
  var phrases = notula.phrases;
  var FIELDS = ['kind', 'speaker', 'institution', 'text', 'response', 'responder', 'responsible', 'due_on', 'source'];
  var list = document.querySelector('[data-entries]');
  var composer = document.querySelector('[data-composer]');
  var justSaved = 0;
  var pattern = document.getElementById('slip-form');
  notula.list = list;

  notula.same = function (a, b) {
    return FIELDS.every(function (name) { return (a[name] || '') === (b[name] || ''); });
  };
  notula.empty = function (words) {
    return FIELDS.every(function (name) { return name === 'kind' || !(words[name] || '').trim(); });
  };

  function read(form) {
    var words = {};
    FIELDS.forEach(function (name) {
      var field = form.elements[name];
      words[name] = field ? (field.value || '').replace(/\r\n?/g, '\n') : '';
    });
    return words;
  }

  function fill(form, words) {
    FIELDS.forEach(function (name) { if (form.elements[name]) { form.elements[name].value = words[name] || ''; } });
    if (!form.elements.kind.value) { form.elements.kind.value = 'pembahasan'; }
    form.setAttribute('data-kind', form.elements.kind.value);
    form.querySelectorAll('details').forEach(function (more) {
      more.open = Array.prototype.some.call(more.querySelectorAll('input, textarea'), function (field) { return field.value; });
    });
    form.querySelectorAll('textarea').forEach(grow);
  }

  function grow(area) {
    area.style.height = 'auto';
    area.style.height = Math.min(area.scrollHeight + 4, window.innerHeight * 0.7) + 'px';
  }

  /* -- the slip -------------------------------------------------------------------------------------------------------------- */

  function Slip(form, key, words, base) {
    this.form = form;
    this.key = key;
    this.id = /^\d+$/.test(key) ? Number(key) : null;
    this.base = base || 0;
    this.initial = words;
    this.state = 'clean';
    this.seq = this.sent = this.kept = 0;
    this.due = this.notBefore = this.queuedAt = this.firstUnsent = 0;
    this.choice = null;
    form.slip = this;
    form.setAttribute('data-own-submit', '');
    fill(form, words);
    notula.slips.push(this);
  }

  Slip.prototype.words = function () { return read(this.form); };
  Slip.prototype.dirty = function () { return !notula.same(this.words(), this.initial) && !(this.id === null && notula.empty(this.words())); };
  Slip.prototype.owes = function () { return this.state === 'draft' && this.sent < this.seq && !this.tooLong; };
  Slip.prototype.holder = function () { return this.form.closest('li') || this.form; };

  Slip.prototype.touched = function () {
    var slip = this;
    this.seq = notula.tick();
    this.state = 'draft';
    this.tooLong = false;
    this.firstUnsent = this.firstUnsent || Date.now();
    this.due = Math.min(Date.now() + 1200, this.firstUnsent + 4500);
    clearTimeout(this.keeping);
    this.keeping = setTimeout(function () { slip.keep(); }, 250);
    notula.line.pump();
  };

  // The copy on the device; written at once when the page is about to go away.
  Slip.prototype.keep = function () {
    clearTimeout(this.keeping);
    if (this.state === 'clean' || this.kept === this.seq + this.state) { return; }
    if (this.state === 'draft' && !this.dirty()) { store.drop(this.key); this.kept = this.seq + this.state; return; }
    if (store.write(this.key, { words: this.words(), base: this.base, seq: this.seq, tab: notula.tab, state: this.state === 'queued' ? 'queued' : 'draft', queuedAt: this.queuedAt, choice: this.choice })) {
      this.kept = this.seq + this.state;
    }
  };
  Slip.prototype.isKept = function () { return this.state === 'clean' || this.kept === this.seq + this.state || this.sent >= this.seq; };

  var body = portal.formBody;

  Slip.prototype.draftRequest = function () {
    this.firstUnsent = 0;
    var values = this.words();
    values.key = this.key;
    values.seq = this.seq;
    values.base_version = this.base;
    if (!this.dirty()) { values.discard = 1; }
    return { url: setup.urls.draft, body: body(values), seq: this.seq };
  };

  Slip.prototype.saveRequest = function () {
    var values = this.choice ? this.choice.words : this.words();
    var url = this.id === null ? setup.urls.entries : setup.urls.entries + this.id + '/';
    if (this.choice) { url += 'konflik/'; values.choice = this.choice.choice; }
    values = Object.assign({}, values, { seq: this.seq, base_version: this.choice ? this.choice.base : this.base });
    if (/-/.test(this.key)) { values.key = this.key; }
    return { url: url, body: body(values), seq: this.seq };
  };

  Slip.prototype.drafted = function (seq, stored) {
    if (stored > seq) { this.seq = notula.tick(stored); this.due = Date.now(); return; }
    this.sent = Math.max(this.sent, seq);
    if (this.sent >= this.seq && !this.dirty() && this.state === 'draft') { this.state = 'clean'; }
  };

  /* -- saving an entry ---------------------------------------------------------------------------------------------------------- */

  Slip.prototype.save = function () {
    var words = this.words();
    // The second half of a double click meets the next, still empty form.
    if (this.state === 'clean' && Date.now() - justSaved < 700) { return; }
    this.errors({});
    if (!words.text.trim()) {
      this.errors({ text: [phrases.empty] });
      this.form.elements.text.focus();
      return;
    }
    if (this.id !== null && !this.dirty() && this.state !== 'draft') { this.close(); return; }
    var fresh = this.form.parentNode === composer;
    justSaved = Date.now();
    this.enqueue();
    if (fresh) {
      list.appendChild(this.pending());
      newComposer({ kind: words.kind }).form.elements.text.focus();
    } else {
      this.pending();
      this.holder().focus();
    }
    notula.line.pump();
  };

  Slip.prototype.enqueue = function () {
    this.seq = notula.tick();
    this.state = 'queued';
    this.queuedAt = this.seq;
    this.notBefore = 0;
    this.keep();
  };

  // The form hides behind a card that shows the text until the server has it.
  Slip.prototype.pending = function () {
    var slip = this;
    var item = this.form.closest('li') || document.createElement('li');
    var card = document.getElementById('slip-card').content.firstElementChild.cloneNode(true);
    var words = this.choice ? this.choice.words : this.words();
    card.querySelector('[data-slot="who"]').textContent = [words.speaker, words.institution].filter(Boolean).join(', ');
    card.querySelector('[data-slot="text"]').textContent = words.text;
    card.querySelector('[data-act="reopen"]').addEventListener('click', function () { slip.reopen(); });
    if (!item.className) { item.className = 'entry'; item.tabIndex = -1; }
    this.uncover();
    this.form.hidden = true;
    if (this.form.parentNode !== item) { item.appendChild(this.form); }
    item.appendChild(card);
    this.card = card;
    return item;
  };

  Slip.prototype.uncover = function () {
    if (this.card) { this.card.remove(); this.card = null; }
    if (this.panel) { this.panel.remove(); this.panel = null; }
  };

  Slip.prototype.reopen = function () {
    if (notula.line.busy === this) { return; }
    this.uncover();
    this.choice = null;
    this.form.hidden = false;
    this.touched();
    this.form.elements.text.focus();
  };

  Slip.prototype.accepted = function (answer) {
    this.end();
    var item = this.holder();
    notula.place(answer, item);
    notula.say(phrases.saved);
  };

  Slip.prototype.end = function () {
    var slip = this;
    clearTimeout(this.keeping);
    this.state = 'clean';
    store.drop(this.key);
    notula.slips = notula.slips.filter(function (other) { return other !== slip; });
  };

  Slip.prototype.errors = function (errors) {
    this.form.querySelectorAll('[data-error]').forEach(function (slot) {
      var found = errors[slot.getAttribute('data-error')];
      var field = slot.parentNode.querySelector('input, textarea');
      slot.textContent = found ? found.join(' ') : '';
      if (field) { field.classList.toggle('is-invalid', Boolean(found)); field.setAttribute('aria-invalid', found ? 'true' : 'false'); }
    });
  };

  Slip.prototype.invalid = function (errors) {
    if (this.state === 'queued') {
      this.uncover();
      this.choice = null;
      this.form.hidden = false;
      this.state = 'draft';
      this.keep();
    }
    this.tooLong = true;
    this.sent = this.seq;
    this.errors(errors);
    var sentences = Object.keys(errors).map(function (name) { return errors[name].join(' '); });
    notula.line.refusal = sentences.join(' ');
    notula.say(notula.line.refusal);
  };

  /* -- conflict: both texts side by side ------------------------------------------------------------------------------------------- */

  Slip.prototype.conflict = function (answer) {
    var slip = this;
    var holder = document.createElement('div');
    holder.innerHTML = answer.conflict;
    this.uncover();
    this.panel = holder.firstElementChild;
    this.id = answer.id;
    this.state = 'conflict';
    this.choice = null;
    store.write(this.key, { words: this.words(), base: this.base, seq: this.seq, state: 'draft' });
    this.kept = this.seq + this.state;
    this.sent = 0;
    this.form.hidden = true;
    this.holder().appendChild(this.panel);
    this.panel.querySelectorAll('form').forEach(function (form) {
      form.setAttribute('data-own-submit', '');
      form.addEventListener('submit', function (event) {
        event.preventDefault();
        slip.choose(form.elements.choice.value, read(form), answer.version);
      });
    });
    this.panel.focus();
    notula.say(phrases.conflict);
  };

  Slip.prototype.choose = function (choice, words, base) {
    if (!words.text.trim()) { return; }
    this.choice = { choice: choice, words: words, base: base };
    this.enqueue();
    this.pending();
    this.holder().focus();
    notula.line.pump();
  };

  /* -- opening, closing, a new one --------------------------------------------------------------------------------------------------- */

  function newForm() { return pattern.content.firstElementChild.cloneNode(true); }

  function newComposer(words) {
    var form = newForm();
    composer.textContent = '';
    composer.appendChild(form);
    form.querySelector('[data-act="cancel"]').hidden = true;
    return new Slip(form, portal.uuid(), words || {}, 0);
  }

  notula.edit = function (item, words, base) {
    var open = notula.slipOf(item);
    if (open) { if (!open.form.hidden) { open.form.elements.text.focus(); } return open; }
    var form = newForm();
    item.classList.add('is-editing');
    item.appendChild(form);
    var stored = JSON.parse(item.getAttribute('data-words') || '{}');
    var slip = new Slip(form, item.getAttribute('data-id'), stored, Number(item.getAttribute('data-version')) || 0);
    if (words) { fill(form, words); slip.base = base; } else { form.elements.text.focus(); }
    return slip;
  };

  notula.slipOf = function (item) {
    return notula.slips.filter(function (slip) { return slip.holder() === item; })[0];
  };

  // Back to the entry as it stands; asks when something typed would go.
  Slip.prototype.close = function (sure) {
    var slip = this;
    if (this.id === null && this.form.parentNode === composer) { return; }
    if (this.dirty() && !sure) {
      portal.confirm(phrases.discard, this.form.querySelector('[data-act="cancel"]')).then(function (yes) { if (yes) { slip.close(true); } });
      return;
    }
    this.discard();
    var item = this.holder();
    item.classList.remove('is-editing');
    this.form.remove();
    if (!item.hasAttribute('data-id') || item.hasAttribute('data-gone')) { item.remove(); } else if (this.fresh) { notula.place(this.fresh, item); } else { item.focus(); }
    notula.show();
  };

  Slip.prototype.discard = function () {
    this.end();
    if (!this.seq) { return; }
    var values = Object.assign({}, this.initial, { key: this.key, seq: notula.tick(), discard: 1, base_version: this.base });
    portal.fetch(setup.urls.draft, { method: 'POST', body: body(values) }).catch(function () { /* the draft is offered once more next time */ });
  };

  notula.Slip = Slip;
  notula.composer = composer;
  notula.newForm = newForm;
  notula.newComposer = newComposer;
  notula.grow = grow;
  notula.fill = fill;
})();

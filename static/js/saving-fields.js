/* Fields that save themselves one by one: portal.savingFields turns the [data-field] boxes of a form into such fields.

   var fields = portal.savingFields(form, {
     saver, prefix: 'isi:', phrases, url, onSaved: f(answer), onGone: f(sentence), onChanged: f(field)
   });
   fields.all[name], fields.resume() → how many copies of an earlier visit went on their way

   `onChanged` hears of every new value, typed or filled in; `url` is where they are saved, else the form's action.

   A field carries what its writer has seen: `base`, the stored text he began with, and every text that was sent since
   without an answer. The server writes when what is stored is one of these, else it answers 409 with the stored text:
   both are shown beside the field and the user chooses. The key of a field is "<prefix><name>". Needs saver.js.
   Works on Chrome 70: no ?. ?? and no modules. */
(function () {
  'use strict';

  var portal = window.portal;

  function Field(box, owner) {
    this.box = box;
    this.owner = owner;
    this.name = box.getAttribute('data-field');
    this.key = owner.prefix + this.name;
    this.inputs = Array.prototype.slice.call(box.querySelectorAll('[name="' + this.name + '"]'));
    this.base = Array.prototype.map.call(box.querySelectorAll('[data-base]'), function (input) { return input.value; });
    this.tried = [];
    this.errors = box.querySelector('[data-error]');
  }

  Field.prototype.value = function () {
    if (this.inputs[0].type !== 'radio') { return this.inputs[0].value.replace(/\r\n?/g, '\n'); }
    var chosen = this.inputs.filter(function (input) { return input.checked; })[0];
    return chosen ? chosen.value : '';
  };

  Field.prototype.fill = function (value) {
    if (this.inputs[0].type === 'radio') {
      this.inputs.forEach(function (input) { input.checked = input.value === value; });
    } else { this.inputs[0].value = value; }
    this.changed();
  };

  Field.prototype.changed = function () { if (this.owner.onChanged) { this.owner.onChanged(this); } };

  Field.prototype.values = function () {
    var values = {};
    var busy = this.owner.saver.busy;
    values[this.name] = this.value();
    values['base-' + this.name] = this.base.concat(this.tried);
    if (busy && busy.key === this.key && this.tried.indexOf(values[this.name]) < 0) { this.tried.push(values[this.name]); }
    return values;
  };

  Field.prototype.handlers = function () {
    var field = this;
    return {
      values: function () { return field.values(); },
      onSaved: function (answer, sent, latest) { field.confirmed(answer, latest); },
      onConflict: function (answer) { field.conflict(answer); },
      onRefused: function (sentence, errors, status) { field.refused(sentence, status); }
    };
  };

  Field.prototype.save = function (soon) {
    this.clear();
    this.owner.saver.put(Object.assign({ key: this.key, url: this.owner.url, soon: soon }, this.handlers()));
  };

  Field.prototype.clear = function () {
    this.errors.hidden = true;
    this.inputs.forEach(function (input) { input.classList.remove('is-invalid'); input.removeAttribute('aria-invalid'); });
    var choice = this.box.querySelector('.field-conflict');
    if (choice) { choice.remove(); }
  };

  Field.prototype.confirmed = function (answer, latest) {
    var stored = answer.values ? answer.values[this.name] : undefined;
    if (stored !== undefined) { this.base = [stored]; this.tried = []; }
    if (latest) { this.clear(); }
    if (this.owner.onSaved) { this.owner.onSaved(answer); }
  };

  Field.prototype.refused = function (sentence, status) {
    this.errors.textContent = sentence;
    this.errors.hidden = false;
    this.inputs[0].classList.add('is-invalid');
    this.inputs[0].setAttribute('aria-invalid', 'true');
    var place = this.box.closest('details');
    if (place) { place.open = true; }
    if ((status === 403 || status === 404 || status === 409) && this.owner.onGone) { this.owner.onGone(sentence); }
  };

  function button(label, style, run) {
    var made = document.createElement('button');
    made.type = 'button';
    made.className = 'btn btn-sm ' + style;
    made.textContent = label;
    made.addEventListener('click', run);
    return made;
  }

  // Both texts beside the field; nothing was overwritten, and nothing is until the user has chosen.
  Field.prototype.conflict = function (answer) {
    var field = this;
    var phrases = this.owner.phrases;
    var theirs = answer.conflicts[this.name];
    if (!theirs) { return; }
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
    choices.appendChild(button(phrases.mine, 'btn-primary', function () { field.base = [theirs.value]; field.tried = []; field.save(true); }));
    choices.appendChild(button(phrases.stored, 'btn-secondary', function () {
      field.base = [theirs.value];
      field.tried = [];
      field.owner.saver.drop(field.key);
      field.clear();
      field.fill(theirs.value);
    }));
    [said, text, choices].forEach(function (part) { box.appendChild(part); });
    this.box.appendChild(box);
  };

  portal.savingFields = function (form, options) {
    var owner = Object.assign({ url: form.getAttribute('action'), all: {} }, options);
    form.querySelectorAll('[data-field]').forEach(function (box) {
      var field = new Field(box, owner);
      owner.all[field.name] = field;
    });
    form.setAttribute('data-own-submit', '');
    form.addEventListener('submit', function (event) { event.preventDefault(); owner.saver.flush().catch(function () { /* the state line tells */ }); });

    function edited(event) {
      var field = owner.all[event.target.name];
      // Lists and days are chosen, not typed: a half typed day is no day yet.
      if (!field || (event.type === 'change') !== /^(radio|select-one|date)$/.test(event.target.type)) { return; }
      field.changed();
      field.save(event.type === 'change');
    }
    form.addEventListener('input', edited);
    form.addEventListener('change', edited);

    owner.resume = function () {
      return Object.keys(owner.all).filter(function (name) {
        var field = owner.all[name];
        var copy = owner.saver.copy(field.key);
        if (!copy) { return false; }
        field.base = [].concat(copy.values['base-' + name] || []);
        field.fill(copy.values[name] || '');
        owner.saver.resume(field.key, field.handlers());
        return true;
      }).length;
    };
    return owner;
  };
})();

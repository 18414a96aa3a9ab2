/* The editor of a proposal: every field saves itself (saving-fields.js), and what follows from it follows at once.

   Without this file the page is one plain form. Needs saver.js and saving-fields.js.
   Works on Chrome 70: no ?. ?? and no modules. */
(function () {
  'use strict';

  var portal = window.portal;
  var form = document.querySelector('form[data-proposal]');
  var source = document.getElementById('proposal-setup');
  if (!portal || !portal.savingFields || !form || !source) { return; }
  var setup = JSON.parse(source.textContent);
  var phrases = document.getElementById('proposal-phrases').dataset;
  var saver = portal.saver({ state: document.querySelector('[data-save-state]'), store: 'usulan:' + setup.proposal });
  var saving = portal.savingFields(form, {
    saver: saver, prefix: '', phrases: phrases, url: setup.url, onGone: unsent,
    onChanged: function (field) {
      if (field.inputs[0].tagName === 'TEXTAREA') { grow(field.inputs[0]); }
      if (reactions[field.name]) { reactions[field.name](field); }
    }
  });
  var fields = saving.all;
  document.body.classList.add('has-script');

  /* -- tags ------------------------------------------------------------------------------------------------------------ */

  var tags = form.querySelector('[data-tags]');
  var tagBase = Array.prototype.map.call(tags.querySelectorAll('[data-base-tag]'), function (input) { return input.value; });

  function ticked() {
    return Array.prototype.filter.call(tags.querySelectorAll('[name="tags"]'), function (input) { return input.checked; }).map(function (input) { return input.value; });
  }

  function tagHandlers() {
    return {
      values: function () { return { 'tags-sent': 1, tags: ticked(), 'base-tags': tagBase }; },
      onSaved: function (answer, sent) { tagBase = [].concat(sent.tags); },
      onRefused: function (sentence, errors, status) {
        var place = tags.querySelector('[data-error]');
        place.textContent = sentence;
        place.hidden = false;
        if (status === 403 || status === 404) { unsent(sentence); }
      }
    };
  }

  /* -- what the server does not take any more --------------------------------------------------------------------------- */

  function unsent(sentence) {
    var panel = document.querySelector('[data-unsent-panel]');
    panel.hidden = false;
    panel.querySelector('[data-unsent-why]').textContent = sentence;
    portal.showUnsent(panel, saver, function (name) {
      var label = fields[name] && fields[name].box.querySelector('.form-label');
      return label ? label.textContent.trim() : '';
    });
  }

  /* -- what follows from a field ------------------------------------------------------------------------------------------ */

  function grow(area) {
    if (!area.offsetParent) { return; }
    area.rows = Math.max(Number(area.getAttribute('data-rows')) || 3, Math.min(30, area.value.split('\n').reduce(function (sum, line) { return sum + 1 + Math.floor(line.length / Math.max(20, area.clientWidth / 8.4)); }, 0)));
  }

  var kbli = form.elements.kbli;
  var kbliOptions = Array.prototype.map.call(kbli.querySelectorAll('option'), function (option) {
    return { option: option, parent: option.parentNode };
  });

  // Only the classes of the sector; what is chosen already stays to be seen.
  function narrow() {
    var allowed = setup.classes[fields.sector.value()];
    kbliOptions.forEach(function (row) {
      var fits = !allowed || !row.option.value || row.option.selected || allowed.indexOf(Number(row.option.value)) >= 0;
      if (fits && !row.option.parentNode) { row.parent.appendChild(row.option); }
      if (!fits && row.option.parentNode) { row.option.remove(); }
    });
  }

  function regime() {
    var text = setup.regimes[fields.sector.value()];
    var panel = form.querySelector('[data-regime]');
    panel.hidden = !text;
    if (text) { panel.querySelector('[data-regime-text]').textContent = text; }
    fields.special_note.inputs[0].setAttribute('aria-required', String(Boolean(text)));
  }

  function months() {
    var first = Number(fields.starts_month.value());
    var last = Number(fields.ends_month.value());
    var bar = form.querySelector('[data-months]');
    var on = [];
    Array.prototype.forEach.call(bar.children, function (month, n) {
      var working = first && last && n + 1 >= first && n + 1 <= last;
      month.classList.toggle('is-on', Boolean(working));
      if (working) { on.push(month.title); }
    });
    bar.setAttribute('aria-label', on.length ? on[0] + (on.length > 1 ? '–' + on[on.length - 1] : '') : phrases.monthsEmpty);
  }

  function picked() {
    var input = fields.sub_activity.inputs.filter(function (radio) { return radio.checked; })[0];
    var option = input && input.value ? input.closest('[data-option]') : null;
    form.querySelector('[data-chosen]').hidden = !option;
    form.querySelector('[data-not-chosen]').hidden = Boolean(option);
    if (!option) { return; }
    form.querySelector('[data-chosen-code]').textContent = option.querySelector('.code').textContent;
    ['name', 'indicator', 'unit'].forEach(function (part) {
      form.querySelector('[data-chosen-' + part + ']').textContent = option.querySelector('[data-' + part + ']').textContent;
    });
  }

  var reactions = {
    sector: function () { narrow(); regime(); },
    kbli: narrow,
    starts_month: months,
    ends_month: months,
    sub_activity: picked,
    title: function (field) { document.querySelector('[data-title]').textContent = field.value() || phrases.untitled; }
  };

  /* -- the search for a sub-activity ----------------------------------------------------------------------------------------- */

  var picker = form.querySelector('[data-picker]');
  var search = picker.querySelector('#cari-sub');
  search.parentNode.hidden = false;

  function words(text) {
    // Older texts write 3.31.02.02.01.0001 for 3.31.02.2.01.0001.
    return text.toLowerCase().split(/\s+/).filter(Boolean).map(function (word) {
      return word.replace(/^((?:[\dx]+)\.(?:[\dx]+)\.\d{2}\.)0([1-4])(?=\.|$)/, '$1$2');
    });
  }

  function find() {
    var wanted = words(search.value);
    var count = 0;
    picker.querySelectorAll('[data-group]').forEach(function (group) {
      var some = false;
      group.querySelectorAll('[data-option]').forEach(function (option) {
        var text = option.textContent.toLowerCase();
        var fits = wanted.every(function (word) { return text.indexOf(word) >= 0; });
        option.hidden = !fits;
        if (fits) { some = true; count += 1; }
      });
      group.hidden = !some;
    });
    picker.querySelector('[data-picker-count]').textContent = !search.value.trim() ? '' : count ? phrases.found.replace('%s', count) : phrases.notFound;
  }
  search.addEventListener('input', function (event) { event.stopPropagation(); find(); });
  search.addEventListener('keydown', function (event) { if (event.key === 'Enter') { event.preventDefault(); } });

  /* -- begin ------------------------------------------------------------------------------------------------------------------- */

  form.querySelectorAll('textarea').forEach(function (area) { area.setAttribute('data-rows', area.rows); });

  tags.addEventListener('change', function () {
    saver.put(Object.assign({ key: 'tags', url: setup.url, soon: true }, tagHandlers()));
  });

  // What an earlier visit left on this device goes on its way now, from the text its writer had begun with.
  function resume() {
    var back = saving.resume();
    var kept = saver.copy('tags');
    if (kept) {
      back += 1;
      tagBase = [].concat(kept.values['base-tags'] || []);
      tags.querySelectorAll('[name="tags"]').forEach(function (input) { input.checked = [].concat(kept.values.tags || []).indexOf(input.value) >= 0; });
      saver.resume('tags', tagHandlers());
    }
    if (back) { portal.toast({ text: phrases.restored, tone: 'info' }); }
  }
  resume();
  Object.keys(reactions).forEach(function (name) { reactions[name](fields[name]); });
  form.querySelectorAll('textarea').forEach(grow);

  // Self-check and steps beside the editor follow what was saved, a moment after the last change; never under an open
  // question, whose answer sends the form that stands there now.
  var refreshing = null;

  function asking() { return Boolean(document.querySelector('dialog[open]')); }

  function refreshLater() {
    clearTimeout(refreshing);
    refreshing = setTimeout(function () {
      var aside = document.getElementById('samping');
      if (!aside || saver.waiting()) { return; }
      if (asking() || aside.contains(document.activeElement)) { refreshLater(); return; }
      window.htmx.ajax('GET', setup.aside, { target: '#samping', swap: 'outerHTML' });
    }, 2000);
  }
  document.addEventListener('portal:saved', refreshLater);
  document.body.addEventListener('htmx:beforeSwap', function (event) {
    if (event.detail.target.id !== 'samping') { return; }
    if (asking() || event.detail.target.querySelector('[data-busy]')) { event.detail.shouldSwap = false; refreshLater(); }
  });
})();

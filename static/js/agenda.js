/* Planning the programme: dragging, Alt+arrow keys, the form of a session in a dialog, rows of people.
   Everything works without this file too: the arrow buttons are a form, and the form is a page of its own. */
(function () {
  'use strict';

  var sortableUrl = document.currentScript.getAttribute('data-sortable');

  /* -- order ------------------------------------------------------------------------------------------------------- */

  // Sortable leaves styles on the items; htmx would copy them as attributes, which the CSP forbids.
  window.htmx.config.attributesToSettle = ['class'];

  function send(item, place) {
    window.htmx.ajax('POST', item.getAttribute('data-move'), { target: '#programme', swap: 'outerHTML', values: { to: place } });
  }

  function makeSortable(list) {
    if (list.sortable || !window.Sortable) { return; }
    list.sortable = window.Sortable.create(list, {
      handle: '.grip',
      animation: 150,
      ghostClass: 'is-moving',
      forceFallback: true, // pointer events: the same by mouse and by finger
      onEnd: function (event) {
        if (event.oldIndex !== event.newIndex) { send(event.item, event.newIndex); }
      }
    });
  }

  // The library comes when a hand nears a grip: whoever orders by arrows never loads it.
  document.addEventListener('pointerover', function (event) {
    if (window.Sortable || !event.target.closest('.grip')) { return; }
    window.portal.loadScript(sortableUrl, function () { document.querySelectorAll('[data-track]').forEach(makeSortable); });
  });

  // A refused move (two places at once, no link) leaves the list as the server knows it.
  function restore() {
    if (document.getElementById('programme')) {
      window.htmx.ajax('GET', location.pathname + location.search, { target: '#programme', swap: 'outerHTML' });
    }
  }
  document.addEventListener('htmx:responseError', function (event) {
    if (/\/pindah\/(\?|$)/.test(event.detail.pathInfo.requestPath)) { restore(); }
  });

  document.addEventListener('keydown', function (event) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) { return; }
    var item = event.target.closest && event.target.closest('.plan-item');
    var button = item && item.querySelector(event.key === 'ArrowUp' ? '[name="step"][value="-1"]' : '[name="step"][value="1"]');
    if (!button) { return; }
    event.preventDefault();
    if (button.getAttribute('aria-disabled') !== 'true') { button.click(); }
  });

  document.addEventListener('programme', function (event) {
    var editor = document.getElementById('editor');
    if (editor && editor.open) { editor.close(); }
    var name = event.detail && event.detail.focus;
    var place = name && document.getElementById(name);
    if (!place) { return; }
    if (place.getAttribute('aria-disabled') === 'true') {
      // At the end of the list the other arrow takes the focus.
      place = place.parentNode.querySelector('[name="step"]:not([aria-disabled="true"])') || place;
    }
    if (!place.matches('a, button')) { place = place.querySelector('a') || place; }
    place.focus();
    place.scrollIntoView({ block: 'nearest' });
  });

  /* -- the form of a session ------------------------------------------------------------------------------------------ */

  function prepareForm(form) {
    var button = form.querySelector('[data-add-row]');
    if (button) { button.hidden = false; }
  }

  document.addEventListener('click', function (event) {
    var add = event.target.closest && event.target.closest('[data-add-row]');
    if (add) {
      var box = add.closest('fieldset');
      var total = box.querySelector('[name$="-TOTAL_FORMS"]');
      var markup = box.querySelector('[data-row-template]').innerHTML.replace(/__prefix__/g, total.value);
      var rows = box.querySelector('[data-rows]');
      rows.insertAdjacentHTML('beforeend', markup);
      total.value = Number(total.value) + 1;
      rows.lastElementChild.querySelector('select').focus();
    }
    var close = event.target.closest && event.target.closest('[data-close-editor]');
    var editor = document.getElementById('editor');
    if (close && editor && editor.open) { event.preventDefault(); editor.close(); }
  });

  // A known name brings its institution along.
  document.addEventListener('change', function (event) {
    var field = event.target;
    if (!field.name || !/^people-\d+-name$/.test(field.name)) { return; }
    var other = field.form.elements[field.name.replace(/name$/, 'institution')];
    var known = Array.prototype.filter.call(field.form.querySelectorAll('#people option'), function (option) { return option.value === field.value; });
    if (other && !other.value && known.length === 1) { other.value = known[0].getAttribute('data-institution'); }
  });

  document.addEventListener('htmx:afterSwap', function (event) {
    var editor = document.getElementById('editor');
    if (editor && editor.contains(event.detail.target) && !editor.open) { editor.showModal(); }
  });

  function prepare(root) {
    root.querySelectorAll('[data-track]').forEach(makeSortable);
    root.querySelectorAll('.session-form').forEach(prepareForm);
    if (root.matches && root.matches('.session-form')) { prepareForm(root); }
  }
  document.addEventListener('htmx:load', function (event) { if (event.detail.elt.querySelectorAll) { prepare(event.detail.elt); } });
  prepare(document);
})();

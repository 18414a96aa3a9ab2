/* The door, part 7: somebody who is not in the list, also in somebody's place ("stands_in_for": whoever is expected instead
   of him). Noted as present at once; registered, and the other one replaced, when the device sends. */
(function () {
  'use strict';

  var door = window.door;
  if (!door) { return; }
  var list = door.list;
  var dialog = document.querySelector('#door-add');
  var form = document.querySelector('[data-add-form]');
  var insisted = '';
  var instead = null;

  function one(selector, root) { return (root || document).querySelector(selector); }
  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  function add(person) {
    if (dialog.open) { return; }
    form.reset();
    insisted = '';
    instead = person || null;
    one('[data-instead]').hidden = !instead;
    one('[data-instead-name]').textContent = instead ? instead.name : '';
    var asked = door.asked();
    one('#add-name').value = instead || list.search(asked, 1).length ? '' : asked;
    if (instead) {
      one('#add-institution').value = instead.office;
      one('#add-category').value = instead.category;
    }
    all('[data-error]').forEach(function (error) { complain(error.getAttribute('data-error'), false); });
    var offices = one('[data-offices]');
    offices.textContent = '';
    list.people().map(function (each) { return each.office; }).filter(function (name, at, names) { return name && names.indexOf(name) === at; }).sort().forEach(function (name) {
      var option = document.createElement('option');
      option.value = name;
      offices.appendChild(option);
    });
    same();
    dialog.showModal();
    one('#add-name').focus();
  }

  function complain(name, on) {
    var field = form.elements[name];
    one('[data-error="' + name + '"]').hidden = !on;
    field.classList.toggle('is-invalid', on);
    if (on) { field.setAttribute('aria-invalid', 'true'); } else { field.removeAttribute('aria-invalid'); }
  }

  // Two people of one name exist; mostly it is the same one, who is in the list already.
  function same() {
    var found = list.namesakes(one('#add-name').value);
    var place = one('[data-namesakes]');
    place.hidden = !found.length;
    door.fill(place, found);
    return found;
  }

  form.addEventListener('input', function (event) { complain(event.target.name === 'institution' ? 'institution' : 'name', false); if (event.target.name === 'name') { same(); } });
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    var values = {};
    ['name', 'institution', 'title', 'category'].forEach(function (name) { values[name] = form.elements[name].value.trim(); });
    ['institution', 'name'].forEach(function (name) { complain(name, !values[name]); if (!values[name]) { form.elements[name].focus(); } });
    if (!values.name || !values.institution || form.hasAttribute('data-busy')) { return; }
    var doubles = same();
    if (doubles.length && insisted !== list.plain(values.name)) {
      insisted = list.plain(values.name); // pressed again: another person of that name
      one('[data-pick]', one('[data-namesakes]')).focus();
      return;
    }
    if (instead) { values.stands_in_for = instead.id; }
    portal.busy(form, true);
    door.enterNew(values).then(function () {
      portal.busy(form, false);
      door.emptied();
      dialog.close();
      if (!door.wide()) { door.pane('scan'); }
    });
  });
  all('[data-add]').forEach(function (button) { button.addEventListener('click', function () { add(null); }); });
  one('[data-add-cancel]').addEventListener('click', function () { dialog.close(); });
  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-stand-in]');
    if (button) { add(button.closest('[data-person]').person); }
  });
})();

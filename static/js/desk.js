/* The desk: one key per verdict, each stored at once, both sides of the table see the same numbers.

     1 or a press ─► POST ─► item, totals and foot anew        2–5 ─► the answer dialog ─► POST
     every 4 s: pulse (204 while nothing changed), so the regency's screen follows the leader's

   Without this file every button is a form or a link to one. */
(function () {
  'use strict';

  var portal = window.portal;
  var desk = document.querySelector('[data-desk]');
  if (!desk) { return; }
  var deciding = desk.hasAttribute('data-deciding');
  var saver = deciding ? portal.saver({ state: document.querySelector('[data-save-state]'), store: desk.getAttribute('data-store') }) : null;
  var bases = {}; // the version each waiting answer was given for
  var own = {}; // versions that only our own answers made: "key:version" to the next one
  var DECISIONS = ['disepakati', 'perbaikan', 'ditunda', 'tidak_disepakati', 'dialihkan'];

  function one(selector, root) { return (root || document).querySelector(selector); }
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function text(node, value) { if (node) { node.textContent = value; } }

  /* -- what came from the server ---------------------------------------------------------------------------------- */

  function replaceItem(part) {
    var old = one('[data-item="' + part.id + '"]');
    var shell = document.createElement('div');
    shell.innerHTML = part.html;
    var fresh = shell.firstElementChild;
    if (!old) { one('#desk-items').appendChild(fresh); return; }
    var open = one('details', old) && one('details', old).open;
    var focus = old.contains(document.activeElement) ? placeOf(document.activeElement) : '';
    if (one('details', fresh)) { one('details', fresh).open = open; }
    old.parentNode.replaceChild(fresh, old);
    if (focus) { focusOn(one(focus)); }
  }

  // Where the reader stands, in words that still hold after the item was replaced.
  function placeOf(node) {
    var row = node.closest('[data-line]') || node.closest('[data-item]');
    var answer = node.getAttribute('data-answer');
    return '#' + row.id + (answer ? ' [data-answer="' + answer + '"]' : '');
  }

  function focusOn(node) { if (node) { node.focus({ preventScroll: true }); } }

  function take(answer) {
    if (answer.status !== desk.getAttribute('data-status')) {
      portal.toast({ text: desk.getAttribute('data-gone') });
      setTimeout(function () { location.reload(); }, saver && saver.waiting() ? 4000 : 300);
      return;
    }
    (answer.items || []).forEach(replaceItem);
    if (answer.order) {
      all('[data-item]').forEach(function (item) { if (answer.order.indexOf(Number(item.getAttribute('data-item'))) < 0) { item.remove(); } });
    }
    one('#desk-totals').innerHTML = answer.totals;
    var foot = one('#desk-foot');
    if (!foot.contains(document.activeElement) || document.activeElement.tagName !== 'TEXTAREA') { foot.innerHTML = answer.foot; }
    desk.setAttribute('data-mark', answer.mark);
  }

  /* -- the pulse ------------------------------------------------------------------------------------------------------ */

  function known() {
    return all('[data-item]').map(function (item) { return item.getAttribute('data-item') + ':' + item.getAttribute('data-change'); }).join(',');
  }

  function pulse() {
    var busy = document.hidden || (saver && saver.waiting()) || one('dialog[open]');
    if (busy) { later(); return; }
    var url = desk.getAttribute('data-pulse') + '?mark=' + encodeURIComponent(desk.getAttribute('data-mark')) + '&known=' + known();
    portal.fetch(url, { poll: true, login: false, seconds: 15 }).then(function (response) {
      if (response.status !== 200) { return null; }
      return portal.readAnswer(response).then(function (answer) { if (!answer.plain && !(saver && saver.waiting())) { take(answer); } });
    }).catch(function () { /* the offline bar tells */ }).then(later);
  }
  function later() { setTimeout(pulse, 4000); }
  later();
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { setTimeout(pulse, 100); } });

  if (!deciding) { return; }

  /* -- storing an answer ------------------------------------------------------------------------------------------------- */

  function keyOf(node) { return node.hasAttribute('data-line') ? 'r' + node.getAttribute('data-line') : 'u' + node.getAttribute('data-item'); }
  function urlOf(node) { return node.hasAttribute('data-line') ? one('[data-answer]', node).getAttribute('href') : one('[data-answers]', node).getAttribute('action'); }
  function nodeOf(key) { return one(key.charAt(0) === 'r' ? '[data-line="' + key.slice(1) + '"]' : '[data-item="' + key.slice(1) + '"]'); }

  // What was asked before our own earlier answer arrived was asked for that answer's version too.
  function advance(key, from, to) {
    own[key + ':' + from] = to;
    delete own[key + ':' + to];
    if (bases[key] === from) { bases[key] = to; }
  }

  function newest(key, version) {
    while ((key + ':' + version) in own) { version = own[key + ':' + version]; }
    return version;
  }

  function store(key, url, values, base) {
    if (!saver.waiting(key)) { bases[key] = newest(key, base); }
    saver.put({
      key: key, url: url, soon: true,
      values: function () { return Object.assign({}, values, { base_version: bases[key] }); },
      onSaved: function (answer, sent, latest) { saved(key, answer, Number(sent.base_version), latest); },
      onConflict: function (answer) { conflict(key, url, values, answer); },
      onRefused: function (sentence) { refused(key, sentence); }
    });
    var node = nodeOf(key);
    if (node) { node.classList.add('is-saving'); }
  }

  function saved(key, answer, base, latest) {
    var item = (answer.items || [])[0];
    var before = item && one('[data-item="' + item.id + '"]');
    var version = before ? Number(before.getAttribute('data-version')) : 0;
    take(answer);
    if (!item) { return; }
    var node = nodeOf(key);
    if (key.charAt(0) === 'u') { advance(key, base, item.version); } else {
      if (node) { advance(key, base, Number(node.getAttribute('data-version'))); }
      if (item.version === version + 1 || !version) { advance('u' + item.id, version, item.version); }
    }
    if (node && !latest) { node.classList.add('is-saving'); }
  }

  function refused(key, sentence) {
    var node = nodeOf(key);
    if (node) { node.classList.remove('is-saving'); }
    saver.drop(key);
    portal.toast({ text: sentence, tone: 'warning' });
    pulse();
  }

  /* -- two answers to the same thing ---------------------------------------------------------------------------------------- */

  function worded(told) {
    return [told.label, told.agreed, told.reason, told.by ? '(' + told.by + ')' : ''].filter(Boolean).join(' · ');
  }

  function conflict(key, url, values, answer) {
    var dialog = one('#conflict-dialog');
    var node = nodeOf(key);
    if (node) { node.classList.remove('is-saving'); }
    text(one('[data-conflict-about]', dialog), (node ? node.getAttribute('data-title') + '. ' : '') + answer.sentence);
    text(one('[data-theirs]', dialog), worded(answer.theirs));
    text(one('[data-yours]', dialog), [answer.yours, values.agreed || '', values.reason || ''].filter(Boolean).join(' · '));
    if (dialog.open) { dialog.close(); }
    dialog.returnValue = '';
    dialog.showModal();
    dialog.addEventListener('close', function closed() {
      dialog.removeEventListener('close', closed);
      saver.drop(key);
      if (dialog.returnValue === 'mine') { store(key, url, values, answer.theirs.version); } else { desk.setAttribute('data-mark', ''); pulse(); }
    });
  }

  /* -- the answer dialog ------------------------------------------------------------------------------------------------------- */

  var dialog = one('#answer-dialog');
  var form = one('[data-answer-form]');
  var asked = null;

  function chosen() { var radio = one('input[name="decision"]:checked', form); return radio ? radio.value : ''; }

  function fit() {
    var decision = chosen();
    one('[data-for-amount]', form).hidden = !(asked && asked.line && decision === 'perbaikan');
    one('[data-for-redirect]', form).hidden = decision !== 'dialihkan';
    one('[data-for-reason]', form).hidden = decision === 'disepakati';
  }

  function ask(node, decision) {
    var line = node.hasAttribute('data-line');
    var reason = line ? node.getAttribute('data-reason') : '';
    var written = one('.desk-verdict .desk-reason', node);
    if (!line && written) { reason = written.textContent; }
    asked = { key: keyOf(node), url: urlOf(node).split('?')[0], base: Number(node.getAttribute('data-version')), line: line };
    text(one('#answer-title'), node.getAttribute('data-title'));
    text(one('[data-proposed]', dialog), line ? all('td.num', node)[0].textContent : one('.desk-money dd', node).textContent);
    all('input[name="decision"]', form).forEach(function (radio) { radio.checked = radio.value === (decision || node.getAttribute('data-decision') || 'perbaikan'); });
    form.elements.agreed.value = node.getAttribute('data-amount') || '';
    form.elements.redirect_to.value = node.getAttribute('data-redirect') || '';
    form.elements.reason.value = reason || '';
    complain('');
    fit();
    dialog.showModal();
    var amount = one('[data-for-amount]', form);
    if (!amount.hidden) { form.elements.agreed.focus(); form.elements.agreed.select(); } else if (chosen() === 'dialihkan') { form.elements.redirect_to.focus(); } else { form.elements.reason.focus(); }
  }

  function complain(sentence) {
    var error = one('[data-error]', form);
    error.hidden = !sentence;
    text(error, sentence);
  }

  form.addEventListener('change', fit);
  form.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); }
  });
  form.addEventListener('submit', function (event) { event.preventDefault(); submit(); });
  one('[data-close-dialog]', dialog).addEventListener('click', function () { dialog.close(); });
  dialog.addEventListener('close', function () { var node = asked && nodeOf(asked.key); if (node) { node.focus({ preventScroll: true }); } });

  function submit() {
    var decision = chosen();
    var reason = form.elements.reason.value.trim();
    if (decision !== 'disepakati' && !reason) { complain(form.getAttribute('data-reason-needed')); form.elements.reason.focus(); return; }
    if (decision === 'dialihkan' && !form.elements.redirect_to.value) { complain(form.getAttribute('data-source-needed')); form.elements.redirect_to.focus(); return; }
    var values = { decision: decision, reason: decision === 'disepakati' ? '' : reason, redirect_to: decision === 'dialihkan' ? form.elements.redirect_to.value : '' };
    if (asked.line) { values.agreed = decision === 'perbaikan' ? form.elements.agreed.value : ''; }
    store(asked.key, asked.url, values, asked.base);
    dialog.close();
  }

  /* -- hands and keys -------------------------------------------------------------------------------------------------------------- */

  function answer(node, decision) {
    if (!decision || (DECISIONS.indexOf(decision) > 0)) { ask(node, decision); return; }
    store(keyOf(node), urlOf(node).split('?')[0], { decision: decision, reason: '', redirect_to: '', agreed: '' }, Number(node.getAttribute('data-version')));
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest && event.target.closest('[data-answer]');
    var node = button && (button.closest('[data-line]') || button.closest('[data-item]'));
    if (!node || event.ctrlKey || event.metaKey) { return; }
    event.preventDefault();
    answer(node, button.getAttribute('data-answer'));
  });

  function stops() {
    return all('[data-item], [data-line]').filter(function (node) { return !node.hasAttribute('data-line') || node.closest('details').open; });
  }

  function here() { var node = document.activeElement; return node && node.closest ? node.closest('[data-line]') || node.closest('[data-item]') : null; }

  function step(by) {
    var list = stops();
    var at = list.indexOf(here());
    var next = list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)];
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: 'nearest' }); }
  }

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || one('dialog[open]') || event.target.matches('input:not([type="hidden"]), textarea, select')) { return; }
    var node = here();
    var key = event.key.toLowerCase();
    if (key === 'j' || key === 'arrowdown') { event.preventDefault(); step(1); return; }
    if (key === 'k' || key === 'arrowup') { event.preventDefault(); step(-1); return; }
    if (key === 's') { var rest = one('[data-agree-rest] button'); if (rest) { event.preventDefault(); rest.click(); } return; }
    if (!node) { return; }
    if (/^[1-5]$/.test(key)) { event.preventDefault(); answer(node, DECISIONS[Number(key) - 1]); return; }
    if (key === '0' && node.hasAttribute('data-item') && Number(node.getAttribute('data-version'))) { event.preventDefault(); answer(node, 'batal'); return; }
    var details = one('details', node.closest('[data-item]'));
    if (key === 'enter' && details && event.target === node) { event.preventDefault(); details.open = !details.open; }
  });

  // The page's keys stand in the list that "?" shows, too.
  var list = one('[data-page-keys]');
  var help = one('#keys-dialog dl');
  if (list && help) { help.insertAdjacentHTML('beforeend', list.innerHTML); }

  // What an earlier visit could not send any more is put again, for the version it was given for.
  saver.copies().forEach(function (copy) {
    var node = nodeOf(copy.key);
    if (!node) { saver.drop(copy.key); return; }
    store(copy.key, copy.url, copy.values, Number(copy.values.base_version));
  });
})();

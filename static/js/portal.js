/* The portal's manners in the browser: tokens, messages, one effect per click, questions, copying, shortcuts.
   No build step and no syntax newer than Chrome 70. Pages use window.portal; docs/interface.md lists it. */
(function () {
  'use strict';

  var body = document.body;
  var phrases = (document.getElementById('phrases') || { dataset: {} }).dataset;
  var portal = window.portal = { phrases: phrases, userId: body.getAttribute('data-user-id') || '' };

  // A script that few visitors of a page need, loaded once when the first does.
  var loaded = {};
  portal.loadScript = function (url, then) {
    if (loaded[url]) { return; }
    loaded[url] = true;
    var script = document.createElement('script');
    script.src = url;
    script.onload = then;
    script.onerror = function () { loaded[url] = false; };
    document.head.appendChild(script);
  };

  portal.emit = function (name, detail) {
    document.dispatchEvent(new CustomEvent('portal:' + name, { detail: detail || {} }));
  };

  // The time of day where the portal is ("09.05"), whatever zone the device is set to; of now without an argument.
  var zone = document.querySelector('meta[name="time-zone"]');
  var hands = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: (zone && zone.content) || undefined });
  portal.clock = function (moment) { return hands.format(moment ? new Date(moment) : new Date()).replace(':', '.'); };

  function closest(node, selector) {
    return node && node.closest ? node.closest(selector) : null;
  }

  /* -- typing -------------------------------------------------------------------------------------------------------- */

  var PAUSE = 1500;
  var typedAt = 0;

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  // Milliseconds until whoever is typing has paused, 0 when nobody is. A click, a form sent or Ctrl+Enter ends the typing:
  // what comes of it may take the focus at once. Anything else that takes it would swallow the next letters.
  portal.untilPause = function () { return Math.max(0, typedAt + PAUSE - Date.now()); };
  function typed(now) { typedAt = now ? Date.now() : 0; }
  document.addEventListener('keydown', function (event) { typed(typing(event.target) && !(event.key === 'Enter' && (event.ctrlKey || event.metaKey))); }, true);
  document.addEventListener('input', function (event) { if (!/^(checkbox|radio|file|range)$/.test(event.target.type)) { typed(true); } }, true);
  document.addEventListener('click', function () { typed(false); }, true);
  document.addEventListener('submit', function () { typed(false); }, true);

  /* -- the CSRF token, which changes when the user logs in again -------------------------------------------------- */

  portal.token = function () {
    var meta = document.querySelector('meta[name="csrf-token"]');
    var field = document.querySelector('input[name="csrfmiddlewaretoken"]');
    return (meta && meta.content) || (field && field.value) || '';
  };

  portal.setToken = function (token) {
    if (!token) { return; }
    var meta = document.querySelector('meta[name="csrf-token"]');
    if (meta) { meta.content = token; }
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach(function (field) { field.value = token; });
  };

  /* -- toasts ------------------------------------------------------------------------------------------------------ */

  function iconNode(name) {
    var sample = document.querySelector('svg.icon use');
    var span = document.createElement('span');
    if (!sample) { return span; }
    var svg = sample.parentNode.cloneNode(true);
    svg.setAttribute('class', 'icon');
    svg.firstElementChild.setAttribute('href', sample.getAttribute('href').split('#')[0] + '#' + name);
    return svg;
  }

  var toneIcons = { success: 'check-circle', warning: 'warning', danger: 'x-circle' };

  function undoForm(url) {
    var form = document.createElement('form');
    form.method = 'post';
    form.action = url;
    var token = document.createElement('input');
    token.type = 'hidden';
    token.name = 'csrfmiddlewaretoken';
    token.value = portal.token();
    var back = document.createElement('input');
    back.type = 'hidden';
    back.name = 'next';
    back.value = location.pathname + location.search;
    var button = document.createElement('button');
    button.className = 'btn btn-undo';
    button.textContent = phrases.undo;
    form.appendChild(token);
    form.appendChild(back);
    form.appendChild(button);
    return form;
  }

  function actionButton(action, item) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn';
    button.textContent = action.label;
    button.addEventListener('click', function () { item.remove(); action.run(); });
    return button;
  }

  /* options: text, tone, undo (address), undoTarget (htmx target of the undo), action {label, run}, seconds (0: stays) */
  portal.toast = function (options) {
    var region = document.querySelector('[data-toasts]');
    if (!region || !options.text) { return null; }
    var same = Array.prototype.find.call(region.children, function (old) { return old.getAttribute('data-text') === options.text; });
    if (same) { same.remove(); }
    var item = document.createElement('div');
    item.className = 'toast-item tone-' + (options.tone || 'info');
    item.setAttribute('data-text', options.text);
    var text = document.createElement('p');
    text.textContent = options.text;
    item.appendChild(iconNode(toneIcons[options.tone] || 'info'));
    item.appendChild(text);
    if (options.undo) {
      var form = undoForm(options.undo);
      if (options.undoTarget && window.htmx) {
        form.setAttribute('hx-post', options.undo);
        form.setAttribute('hx-target', options.undoTarget);
        form.setAttribute('hx-swap', options.undoSwap || 'outerHTML');
        form.addEventListener('htmx:afterRequest', function () { item.remove(); });
      }
      item.appendChild(form);
    }
    if (options.action) { item.appendChild(actionButton(options.action, item)); }
    var close = document.createElement('button');
    close.type = 'button';
    close.className = 'btn btn-icon';
    close.setAttribute('aria-label', phrases.close);
    close.appendChild(iconNode('x'));
    close.addEventListener('click', function () { item.remove(); });
    item.appendChild(close);
    region.appendChild(item);
    if (options.undoTarget && window.htmx) { window.htmx.process(item); }
    leaveLater(item, options);
    return item;
  };

  function leaveLater(item, options) {
    var seconds = options.seconds;
    if (seconds === undefined) { seconds = options.tone === 'danger' || options.action ? 0 : (options.undo ? 20 : 8); }
    if (!seconds) { return; }
    setTimeout(function leave() {
      // Whoever is just reading or about to press the button is not hurried.
      if (item.matches(':hover') || item.contains(document.activeElement)) { setTimeout(leave, 2000); } else { item.remove(); }
    }, seconds * 1000);
  }

  // The server sends HX-Trigger: {"toast": {"text": …, "tone": …, "undo": …}}.
  document.addEventListener('toast', function (event) { portal.toast(event.detail); });

  portal.failure = function (status, text) {
    var message = status === 403 ? phrases.forbidden : status === 404 ? phrases.missing : status === 429 ? phrases.busy : phrases.broken;
    portal.toast({ text: text || message, tone: status === 409 || status === 429 ? 'warning' : 'danger' });
  };

  function plainSentence(xhr) {
    var type = xhr.getResponseHeader('Content-Type') || '';
    return type.indexOf('text/plain') === 0 && xhr.responseText.length < 600 ? xhr.responseText : '';
  }

  /* -- htmx: token, marks of polls, errors -------------------------------------------------------------------------- */

  document.addEventListener('htmx:configRequest', function (event) {
    var detail = event.detail;
    if (detail.verb !== 'get') { detail.headers['X-CSRFToken'] = portal.token(); }
    // A poll is no activity of the user: the server must not prolong the session for it.
    if (!detail.triggeringEvent) { detail.headers['X-Requested-With'] = 'poll'; }
  });

  document.addEventListener('htmx:beforeSwap', function (event) {
    var xhr = event.detail.xhr;
    var html = (xhr.getResponseHeader('Content-Type') || '').indexOf('text/html') === 0;
    // A refused form and a conflict come with their own fragment; it takes the place of the form.
    if ((xhr.status === 422 || xhr.status === 409) && html) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener('htmx:responseError', function (event) {
    var xhr = event.detail.xhr;
    if (xhr.status === 401 || event.detail.requestConfig.headers['X-Requested-With'] === 'poll') { return; }
    portal.failure(xhr.status, plainSentence(xhr));
  });
  document.addEventListener('htmx:sendError', function (event) {
    portal.emit('unreachable');
    if (event.detail.requestConfig && event.detail.requestConfig.headers['X-Requested-With'] === 'poll') { return; }
    portal.toast({ text: phrases.noConnection, tone: 'danger' });
  });
  document.addEventListener('htmx:timeout', function () { portal.toast({ text: phrases.timeout, tone: 'danger' }); });
  document.addEventListener('htmx:afterRequest', function (event) {
    if (event.detail.xhr && event.detail.xhr.status) { portal.emit('contact', { poll: event.detail.requestConfig.headers['X-Requested-With'] === 'poll' }); }
  });

  /* -- one click, one effect ------------------------------------------------------------------------------------------ */

  var lastButton = null;
  document.addEventListener('click', function (event) {
    var button = closest(event.target, 'button, input[type="submit"]');
    lastButton = button;
    if (button && button.getAttribute('aria-disabled') === 'true') {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  portal.submitterOf = function (form, event) {
    var button = (event && event.submitter) || lastButton;
    if (button && button.form === form && button.type === 'submit') { return button; }
    return form.querySelector('button:not([type="button"]):not([type="reset"]), input[type="submit"]');
  };

  portal.busy = function (element, on) {
    if (!element) { return; }
    var buttons = element.matches('form') ? Array.prototype.filter.call(element.elements, function (field) { return field.type === 'submit'; }) : [element];
    if (on) { element.setAttribute('data-busy', ''); } else { element.removeAttribute('data-busy'); }
    buttons.forEach(function (button) {
      var mine = on && (button === element || button === portal.submitterOf(element));
      button.classList.toggle('is-busy', Boolean(mine));
      if (on) { button.setAttribute('aria-disabled', 'true'); } else { button.removeAttribute('aria-disabled'); }
    });
  };

  portal.resubmit = function (form, button) {
    if (button && button.isConnected) { portal.busy(form, false); button.click(); } else if (form.requestSubmit) { form.requestSubmit(); } else { form.submit(); }
  };

  // Other modules (connection, session) may hold a form back before it leaves; they answer true when they did.
  portal.gates = [];

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method === 'dialog' || form.hasAttribute('data-own-submit')) { return; }
    function stop() { event.preventDefault(); event.stopImmediatePropagation(); }
    if (form.hasAttribute('data-busy')) { stop(); return; }
    var button = portal.submitterOf(form, event);
    var question = (button && button.getAttribute('data-confirm')) || form.getAttribute('data-confirm');
    if (question && !form.hasAttribute('data-confirmed')) {
      stop();
      portal.confirm(question, button).then(function (yes) {
        if (!yes) { return; }
        form.setAttribute('data-confirmed', '');
        portal.resubmit(form, button);
      });
      return;
    }
    var native = form.method === 'post' && !form.hasAttribute('hx-post') && !(button && button.hasAttribute('hx-post'));
    if (native && portal.gates.some(function (gate) { return gate(form, button); })) { stop(); return; }
    form.removeAttribute('data-confirmed');
    if (form.method !== 'post' || form.hasAttribute('data-no-busy')) { return; }
    portal.emit('submitted', { form: form, native: native });
    // After this event: a button switched off at once would not be sent with the form.
    setTimeout(function () {
      if (event.defaultPrevented && native) { return; }
      portal.busy(form, true);
      if (native) { setTimeout(function () { portal.busy(form, false); }, 30000); }
    }, 0);
  }, true);

  document.addEventListener('htmx:confirm', function (event) {
    var element = event.detail.elt;
    var trigger = event.detail.triggeringEvent;
    var pressed = trigger && (trigger.type === 'click' || trigger.type === 'submit');
    if (pressed && element.classList.contains('htmx-request')) { event.preventDefault(); return; }
    var question = element.tagName !== 'FORM' && element.getAttribute('data-confirm');
    if (!question) { return; }
    event.preventDefault();
    portal.confirm(question, element).then(function (yes) { if (yes) { event.detail.issueRequest(true); } });
  });
  document.addEventListener('htmx:beforeRequest', function (event) {
    var trigger = event.detail.requestConfig.triggeringEvent;
    if (trigger && trigger.type === 'click' && event.detail.elt.matches('button')) { portal.busy(event.detail.elt, true); }
  });
  document.addEventListener('htmx:afterRequest', function (event) {
    var element = event.detail.elt;
    if (element && element.matches && element.matches('form, button')) { portal.busy(element, false); }
  });
  window.addEventListener('pageshow', function (event) {
    if (!event.persisted) { return; }
    document.querySelectorAll('[data-busy]').forEach(function (element) { portal.busy(element, false); });
  });

  /* -- questions ------------------------------------------------------------------------------------------------------- */

  portal.confirm = function (question, source) {
    var dialog = document.getElementById('confirm-dialog');
    if (!dialog || !dialog.showModal) { return Promise.resolve(window.confirm(question)); }
    var yes = dialog.querySelector('[data-confirm-yes]');
    var danger = Boolean(source && /btn-(outline-)?danger/.test(source.className));
    dialog.querySelector('#confirm-question').textContent = question;
    yes.textContent = (source && source.getAttribute('data-confirm-label')) || yes.getAttribute('data-label') || yes.textContent;
    yes.className = 'btn ' + (danger ? 'btn-danger' : 'btn-primary');
    dialog.returnValue = '';
    dialog.showModal();
    (danger ? dialog.querySelector('[data-confirm-no]') : yes).focus();
    return new Promise(function (resolve) {
      dialog.addEventListener('close', function closed() {
        dialog.removeEventListener('close', closed);
        resolve(dialog.returnValue === 'yes');
      });
    });
  };
  var yesButton = document.querySelector('[data-confirm-yes]');
  if (yesButton) { yesButton.setAttribute('data-label', yesButton.textContent); }

  /* -- small things ------------------------------------------------------------------------------------------------------ */

  function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) { return navigator.clipboard.writeText(text); }
    var area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    body.appendChild(area);
    area.select();
    var done = document.execCommand('copy');
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error('copy'));
  }

  document.addEventListener('click', function (event) {
    var copy = closest(event.target, '[data-copy]');
    if (copy) {
      var wanted = copy.getAttribute('data-copy');
      var source = wanted.charAt(0) === '#' ? document.querySelector(wanted) : null;
      copyText(source ? (source.value !== undefined ? source.value : source.textContent.trim()) : wanted).then(function () {
        portal.toast({ text: phrases.copied, tone: 'success', seconds: 4 });
      }, function () { portal.toast({ text: phrases.copyFailed, tone: 'warning' }); });
    }
    if (closest(event.target, '[data-print]')) { window.print(); }
    var opener = closest(event.target, '[data-dialog]');
    if (opener) {
      var dialog = document.querySelector(opener.getAttribute('data-dialog'));
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
    }
    document.querySelectorAll('details.menu[open], .bottombar details[open]').forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });

  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') {
      document.querySelectorAll('details.menu[open], .bottombar details[open]').forEach(function (menu) {
        menu.open = false;
        menu.querySelector('summary').focus();
      });
    }
    if (event.key === 'Enter' && event.ctrlKey && event.target.form && event.target.form.method === 'post' && !event.target.form.hasAttribute('data-own-submit')) {
      event.preventDefault();
      portal.resubmit(event.target.form, portal.submitterOf(event.target.form));
    }
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || document.querySelector('dialog[open]')) { return; }
    var search = document.querySelector('[data-search]');
    if (event.key === '/' && search) { event.preventDefault(); search.focus(); search.select(); }
    var keys = document.getElementById('keys-dialog');
    if (event.key === '?' && keys && keys.showModal) { event.preventDefault(); keys.showModal(); }
  });

  // Cards on a phone take the table's meaning away from screen readers; roles give it back.
  portal.prepare = function (root) {
    var roles = { table: 'table', thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', td: 'cell' };
    root.querySelectorAll('.table-cards').forEach(function (table) {
      table.setAttribute('role', roles.table);
      table.querySelectorAll('thead, tbody, tr, td, th').forEach(function (part) {
        var name = part.tagName.toLowerCase();
        part.setAttribute('role', roles[name] || (part.parentNode.parentNode.tagName === 'THEAD' ? 'columnheader' : 'rowheader'));
      });
    });
    // Who uses the keyboard must be able to scroll a wide table.
    root.querySelectorAll('.table-frame').forEach(function (frame) {
      if (frame.scrollWidth <= frame.clientWidth + 1 || frame.hasAttribute('tabindex')) { return; }
      var caption = frame.querySelector('caption');
      var heading = document.querySelector('h1');
      frame.setAttribute('tabindex', '0');
      frame.setAttribute('role', 'group');
      frame.setAttribute('aria-label', ((caption && caption.textContent) || (heading && heading.textContent) || '').trim());
    });
    // A narrow screen shows the tab one is on.
    root.querySelectorAll('.tabs [aria-current]').forEach(function (tab) {
      var row = tab.closest('.tabs');
      var here = tab.getBoundingClientRect();
      row.scrollLeft += here.left - row.getBoundingClientRect().left - (row.clientWidth - here.width) / 2;
    });
    var errors = root.querySelector('[data-form-errors]');
    if (errors) { errors.focus(); }
  };
  portal.prepare(document);
  document.addEventListener('htmx:load', function (event) { if (event.detail.elt.querySelectorAll) { portal.prepare(event.detail.elt); } });
})();

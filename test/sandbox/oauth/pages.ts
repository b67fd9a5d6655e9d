import { escapeHtml } from '../html.ts'

/** How a vendor's sign-in pages look. */
export interface PageStyle {
  vendorName: string
  /** Name of the site or organisation that people sign in to. */
  title: string
  colour: string
}

export function page(style: PageStyle, title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light; --brand: ${style.colour}; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f3f5f7; color: #1f2933;
    font: 16px/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
  main { width: min(400px, calc(100vw - 32px)); background: #fff; border-radius: 12px; padding: 32px; box-sizing: border-box;
    box-shadow: 0 1px 3px rgb(0 0 0 / 12%), 0 12px 32px rgb(0 0 0 / 8%); border-top: 4px solid var(--brand); }
  .vendor { color: var(--brand); font-weight: 700; letter-spacing: .01em; }
  h1 { font-size: 22px; line-height: 1.3; margin: 8px 0 20px; }
  label { display: block; font-weight: 600; margin: 16px 0 4px; }
  input[type=email], input[type=password] { width: 100%; box-sizing: border-box; padding: 10px 12px; font: inherit;
    border: 1px solid #9aa5b1; border-radius: 8px; }
  input:focus-visible, button:focus-visible { outline: 3px solid color-mix(in srgb, var(--brand) 45%, white); outline-offset: 1px; }
  button { font: inherit; font-weight: 600; padding: 10px 18px; border-radius: 8px; border: 1px solid #9aa5b1; background: #fff;
    color: inherit; cursor: pointer; }
  button.main { background: var(--brand); border-color: var(--brand); color: #fff; }
  button.link { border: 0; padding: 0; background: none; color: #1f5fbf; text-decoration: underline; }
  button.wide { width: 100%; text-align: left; margin-bottom: 10px; }
  .row { display: flex; gap: 12px; margin-top: 24px; }
  .error { background: #fdecea; color: #8a1c13; border-radius: 8px; padding: 10px 12px; }
  .who { background: #f3f5f7; border-radius: 8px; padding: 10px 12px; font-size: 14px; }
  .who form { display: inline; }
  ul { padding-left: 20px; } li { margin: 6px 0; }
  small { color: #52606d; }
</style>
</head>
<body><main><div class="vendor">${escapeHtml(style.vendorName)}</div>
${body}
</main></body></html>`
}

export function loginPage(style: PageStyle, at: { action: string; email: string; error: string | null }): string {
  const error = at.error ? `<p class="error" role="alert">${escapeHtml(at.error)}</p>` : ''
  return page(
    style,
    `Sign in to ${style.title}`,
    `<h1>Sign in to ${escapeHtml(style.title)}</h1>${error}
<form method="post" action="${escapeHtml(at.action)}/login">
  <label for="email">Email</label>
  <input id="email" name="email" type="email" autocomplete="username" value="${escapeHtml(at.email)}" required autofocus>
  <label for="password">Password</label>
  <input id="password" name="password" type="password" autocomplete="current-password" required>
  <div class="row"><button class="main" type="submit">Sign in</button></div>
</form>
<form method="post" action="${escapeHtml(at.action)}/deny"><p><button class="link" type="submit">Cancel</button></p></form>`,
  )
}

function signedIn(action: string, email: string): string {
  return `<div class="who">Signed in as <strong>${escapeHtml(email)}</strong>.
<form method="post" action="${escapeHtml(action)}/switch"><button class="link" type="submit">Use another account</button></form></div>`
}

export function pickerPage(
  style: PageStyle,
  at: { action: string; email: string; sites: { id: string; name: string }[] },
): string {
  const choices = at.sites
    .map(
      (site) =>
        `<button class="wide" type="submit" name="site" value="${escapeHtml(site.id)}">${escapeHtml(site.name)}<br><small>${escapeHtml(site.id)}</small></button>`,
    )
    .join('')
  return page(
    style,
    'Choose an account',
    `<h1>Choose an account</h1>${signedIn(at.action, at.email)}
<p>The app will only see the account you choose.</p>
<form method="post" action="${escapeHtml(at.action)}/choose">${choices}</form>`,
  )
}

export interface ConsentView {
  action: string
  email: string
  client: string
  siteId: string
  siteName: string
  scopes: string[]
  /** Those that can be left unticked. */
  boxes: { scope: string; words: string }[]
  /** Why this person may not allow it, if so. */
  refusal: string | null
}

export function consentPage(style: PageStyle, at: ConsentView): string {
  const wishes = at.scopes.map((words) => `<li>${escapeHtml(words)}</li>`).join('')
  const boxes = at.boxes
    .map(
      ({ scope, words }) =>
        `<label><input type="checkbox" name="grant:${escapeHtml(scope)}" value="on" checked> ${escapeHtml(words)}</label>`,
    )
    .join('')
  const allow = at.refusal ? '' : '<button class="main" type="submit" formaction="ALLOW">Allow</button>'
  const refusal = at.refusal ? `<p class="error" role="alert">${escapeHtml(at.refusal)}</p>` : ''
  return page(
    style,
    `Allow ${at.client}?`,
    `<h1>Allow ${escapeHtml(at.client)} to use ${escapeHtml(at.siteName)}?</h1>${signedIn(at.action, at.email)}
<p>${escapeHtml(at.client)} would like to:</p><ul>${wishes}</ul>${refusal}
<form method="post" action="${escapeHtml(at.action)}/deny">
  <input type="hidden" name="site" value="${escapeHtml(at.siteId)}">${boxes}
  <div class="row">${allow.replace('ALLOW', `${escapeHtml(at.action)}/allow`)}<button type="submit">Deny</button></div>
</form>`,
  )
}

export function errorPage(style: PageStyle, at: { title: string; detail: string }): string {
  return page(
    style,
    at.title,
    `<h1>${escapeHtml(at.title)}</h1><p class="error" role="alert">${escapeHtml(at.detail)}</p>`,
  )
}

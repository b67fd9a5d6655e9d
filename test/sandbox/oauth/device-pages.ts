import type { KoaContextWithOIDC } from 'oidc-provider'
import { escapeHtml } from '../html.ts'
import { type PageStyle, page } from './pages.ts'

/** The pages on which a person types the code of an app that runs somewhere else (RFC 8628 3.3), as oidc-provider wants them. */
export function devicePages(style: PageStyle) {
  const show = (context: KoaContextWithOIDC, title: string, body: string) => {
    context.type = 'html'
    context.body = page(style, title, `<h1>${escapeHtml(title)}</h1>${body}`)
  }
  return {
    userCodeInputSource(context: KoaContextWithOIDC, form: string, _out?: unknown, error?: Error) {
      if (error?.name === 'AbortedError')
        return show(context, 'The app was not let in', '<p>You can close this page.</p>')
      const wrong = error ? '<p class="error" role="alert">This code does not work.</p>' : ''
      const next =
        '<div class="row"><button class="main" type="submit" form="op.deviceInputForm">Continue</button></div>'
      show(context, 'Type the code that the app shows', `${wrong}${form}${next}`)
    },
    userCodeConfirmSource(
      context: KoaContextWithOIDC,
      form: string,
      client: { clientName?: string | undefined },
      _device: unknown,
      userCode: string,
    ) {
      const buttons = `<div class="row"><button class="main" type="submit" form="op.deviceConfirmForm">Continue</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">This is not my code</button></div>`
      const question = `<p>Does ${escapeHtml(client.clientName ?? 'the app')} show this code?</p>`
      show(context, 'Is this your code?', `${question}<p><strong>${escapeHtml(userCode)}</strong></p>${form}${buttons}`)
    },
    successSource(context: KoaContextWithOIDC) {
      show(context, 'You are signed in', '<p>Go back to the app. You can close this page.</p>')
    },
  }
}

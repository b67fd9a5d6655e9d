import { escapeHtml } from '../../html.ts'
import type { Address, Mail } from './mailbox.ts'

const line = ({ name, address }: Address) => `${escapeHtml(name)} &lt;${escapeHtml(address)}&gt;`

/** What the server writes below an answer. */
export function quoteOf(mail: Mail): string {
  const head = [
    `<b>From:</b> ${line(mail.from)}`,
    `<b>Sent:</b> ${new Date(mail.at).toUTCString()}`,
    `<b>To:</b> ${mail.to.map(line).join('; ')}`,
    `<b>Subject:</b> ${escapeHtml(mail.subject)}`,
  ].join('<br>')
  const rule = '<hr tabindex="-1" style="display:inline-block; width:98%">'
  const block = `<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">${head}</font> <div>&nbsp;</div></div>`
  return whole(`${rule}${block}<div>${mail.html.replace(/<\/?(html|head|body)\b[^>]*>/gi, '')}</div>`)
}

/** HTML as the server stores it: always a whole page. */
export function whole(html: string): string {
  if (/<body\b/i.test(html)) return html
  return `<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>${html}</body></html>`
}

/** What was written above the quoted mail, as text. */
export function ownText(html: string): string {
  const own = html.split(/<div id="appendonsend">|<hr tabindex="-1"/, 1)[0] ?? ''
  return own
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<br\s*\/?>|<\/p>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .trim()
}

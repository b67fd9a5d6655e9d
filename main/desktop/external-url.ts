import { AppError } from '../errors.ts'

const maxLength = 4000
const refusedText = 'Manydesk does not open this kind of link.'

function refuse(detail: string): never {
  throw new AppError('bad_request', refusedText, { action: 'Copy the link and check it before you open it.', detail })
}

/** True when the text holds a character that never belongs into an address: control, blank, bidirectional override, backslash. */
function hasOddCharacter(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Z}\\]/u.test(text)
}

/**
 * The one check before an address leaves for the operating system: https and mailto only, no userinfo, nothing hidden
 * (security E13). Answers the normalised address.
 * @throws AppError `bad_request`
 */
export function checkExternalUrl(text: string): string {
  if (text.length > maxLength) refuse('too long')
  if (hasOddCharacter(text)) refuse('odd character')
  if (!URL.canParse(text)) refuse('not an address')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'mailto:') refuse(`scheme ${url.protocol}`)
  if (url.protocol === 'https:' && !/^https:\/\//i.test(text)) refuse('incomplete address')
  if (url.username !== '' || url.password !== '') refuse('user name in the address')
  if (url.protocol === 'https:' && url.hostname === '') refuse('no host')
  return url.href
}

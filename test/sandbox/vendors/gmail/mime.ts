import type { StoredFile } from '../../content/conversations.ts'

/** MIME parts in Gmail's form. */
export interface WirePart {
  partId: string
  mimeType: string
  filename: string
  headers: { name: string; value: string }[]
  body: { size: number; data?: string; attachmentId?: string }
  parts?: WirePart[]
}

type Bare = Omit<WirePart, 'partId' | 'parts'> & { parts?: Bare[] }

function textPart(mimeType: string, text: string): Bare {
  const bytes = Buffer.from(text)
  return {
    mimeType,
    filename: '',
    headers: [
      { name: 'Content-Type', value: `${mimeType}; charset="UTF-8"` },
      { name: 'Content-Transfer-Encoding', value: 'quoted-printable' },
    ],
    body: { size: bytes.length, data: bytes.toString('base64url') },
  }
}

function filePart(file: StoredFile, attachmentId: string, contentId: string | null): Bare {
  const disposition = file.inline ? 'inline' : 'attachment'
  return {
    mimeType: file.contentType,
    filename: file.name,
    headers: [
      { name: 'Content-Type', value: `${file.contentType}; name="${file.name}"` },
      { name: 'Content-Disposition', value: `${disposition}; filename="${file.name}"` },
      { name: 'Content-Transfer-Encoding', value: 'base64' },
      ...(contentId === null ? [] : [{ name: 'Content-ID', value: `<${contentId}>` }]),
    ],
    body: { attachmentId, size: file.bytes.length },
  }
}

const multipart = (kind: string, parts: Bare[]): Bare => ({
  mimeType: `multipart/${kind}`,
  filename: '',
  headers: [{ name: 'Content-Type', value: `multipart/${kind}; boundary="000000000000sandbox"` }],
  body: { size: 0 },
  parts,
})

export interface MailBody {
  text: string
  html: string
  files: StoredFile[]
  /** Of the picture inside the body. */
  contentId: string
  attachmentId(place: number): string
}

/** `multipart/mixed` of `related` of `alternative`, with only those levels that are needed; `headers` are the mail's own. */
export function payload(mail: MailBody, headers: WirePart['headers']): WirePart {
  const alternative = multipart('alternative', [textPart('text/plain', mail.text), textPart('text/html', mail.html)])
  const made = mail.files.map((file, place) => ({
    inline: file.inline,
    part: filePart(file, mail.attachmentId(place), file.inline ? mail.contentId : null),
  }))
  const pictures = made.filter(({ inline }) => inline).map(({ part }) => part)
  const related = pictures.length > 0 ? multipart('related', [alternative, ...pictures]) : alternative
  const files = made.filter(({ inline }) => !inline).map(({ part }) => part)
  const root = files.length > 0 ? multipart('mixed', [related, ...files]) : related
  return numbered({ ...root, headers: [...headers, ...root.headers] }, '')
}

/** Part ids as Gmail counts them: none for the root, then 0, 1, 0.0, 0.1 … */
function numbered(part: Bare, partId: string): WirePart {
  const { parts, ...rest } = part
  const inside = parts?.map((each, place) => numbered(each, partId === '' ? String(place) : `${partId}.${place}`))
  return { partId, ...rest, ...(inside ? { parts: inside } : {}) }
}

/** RFC 2047, for names and subjects with other letters than ASCII. */
export const encodedWord = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`

/** Gmail escapes the first words of a mail like HTML. */
export const snippetOf = (text: string) =>
  Array.from(text.replace(/\s+/g, ' ').trim())
    .slice(0, 180)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

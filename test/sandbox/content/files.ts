import { crc32, deflateSync } from 'node:zlib'

export interface SeedFile {
  name: string
  contentType: string
  bytes: Buffer
  width?: number
  height?: number
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A real PNG: a gradient in the given hue, so that tests and people can see that the right bytes came. */
function picture(width: number, height: number, red: number, green: number, blue: number): Buffer {
  const rows: Buffer[] = []
  for (let y = 0; y < height; y++) {
    const row = Buffer.alloc(1 + width * 3)
    for (let x = 0; x < width; x++) {
      row[1 + x * 3] = (red * (x + y)) / (width + height)
      row[2 + x * 3] = (green * y) / height
      row[3 + x * 3] = (blue * x) / width
    }
    rows.push(row)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A one-page PDF with one line of text. */
function pdf(line: string): Buffer {
  const content = `BT /F1 18 Tf 60 760 Td (${line}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, i) => {
    const offset = text.length
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = text.length
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`
  return Buffer.from(
    `${text}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
    'latin1',
  )
}

const makers: (() => SeedFile)[] = [
  () => ({
    name: 'photo.png',
    contentType: 'image/png',
    bytes: picture(160, 120, 240, 120, 40),
    width: 160,
    height: 120,
  }),
  () => ({ name: 'Rechnung März.pdf', contentType: 'application/pdf', bytes: pdf('Invoice 2041') }),
  () => ({
    name: 'screenshot 1.png',
    contentType: 'image/png',
    bytes: picture(320, 180, 40, 120, 240),
    width: 320,
    height: 180,
  }),
  () => ({
    name: 'vpn.log',
    contentType: 'text/plain',
    bytes: Buffer.from(Array.from({ length: 400 }, (_, i) => `${i} tunnel down, retry ${i % 7}`).join('\n')),
  }),
  () => ({ name: 'delivery-note.pdf', contentType: 'application/pdf', bytes: pdf('Delivery note 77') }),
  () => ({ name: '写真📷.png', contentType: 'image/png', bytes: picture(96, 96, 60, 200, 90), width: 96, height: 96 }),
]

const made = new Map<number, SeedFile>()

/** One of a few ready-made files, the same for the same number. */
export function seedFile(variant: number): SeedFile {
  const slot = variant % makers.length
  const known = made.get(slot)
  if (known) return known
  const maker = makers[slot]
  if (!maker) throw new Error(`no file ${variant}`)
  const file = maker()
  made.set(slot, file)
  return file
}

/** The picture used for images inside message bodies. */
export function inlinePicture(): SeedFile {
  return { ...seedFile(0), name: 'image001.png' }
}

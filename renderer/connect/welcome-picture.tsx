import { clsx } from 'clsx'
import { BrandTile } from '../design/brand-tile.tsx'
import { useBrandColors } from '../design/theme.tsx'
import styles from './welcome-picture.module.css'

interface Line {
  brand: { name: string; color: string; monogram: string }
  who: string
  subject: string
  preview: string
  time: string
  unread?: boolean
}

const northwind = { name: 'Northwind', color: '#0f766e', monogram: 'N' }
const juniper = { name: 'Juniper', color: '#c2410c', monogram: 'JU' }
const halden = { name: 'Halden', color: '#4f46e5', monogram: 'H' }
const orla = { name: 'Orla', color: '#be185d', monogram: 'OR' }
const brands = [northwind, juniper, halden, orla]

const lines: Line[] = [
  {
    brand: juniper,
    who: 'Sofia Marek',
    subject: 'Wrong size in the parcel',
    preview: 'I ordered a 42 and got a 40',
    time: '2 min',
    unread: true,
  },
  {
    brand: halden,
    who: 'Tom Okafor',
    subject: 'Invoice for October',
    preview: 'Could you send it to our new address',
    time: '9 min',
    unread: true,
  },
  {
    brand: northwind,
    who: 'Ines Duarte',
    subject: 'Delivery on Friday?',
    preview: 'We would be at home after four',
    time: '24 min',
  },
  {
    brand: orla,
    who: 'Lukas Brandt',
    subject: 'Gift card has no value left',
    preview: 'It says zero, but I never used it',
    time: '1 h',
    unread: true,
  },
  {
    brand: northwind,
    who: 'Mei Tanaka',
    subject: 'Thank you!',
    preview: 'That was quick, all works again',
    time: '2 h',
  },
  {
    brand: halden,
    who: 'Priya Nair',
    subject: 'Access for a colleague',
    preview: 'She joined our team on Monday',
    time: '3 h',
  },
]

/** The idea as a picture: several brands, one list, an answer in the right brand's name. Decoration only. */
export function WelcomePicture() {
  return (
    <div className={clsx(styles.picture)} aria-hidden="true">
      <div className={clsx(styles.rail)}>
        {brands.map((brand) => (
          <BrandTile key={brand.name} brand={brand} size={36} />
        ))}
      </div>
      <div className={clsx(styles.list)}>
        <div className={clsx(styles.head)}>All conversations</div>
        {lines.map((line, index) => (
          <PictureRow key={line.who} line={line} isSelected={index === 0} />
        ))}
      </div>
      <PictureAnswer />
    </div>
  )
}

function PictureRow({ line, isSelected }: { line: Line; isSelected: boolean }) {
  const { fill } = useBrandColors(line.brand.color)
  return (
    <div className={clsx(styles.row, isSelected && styles.selected)}>
      <span className={clsx(styles.bar)} style={{ background: fill }} />
      <span className={clsx(styles.who, line.unread && styles.unread)}>{line.who}</span>
      <span className={clsx(styles.time)}>{line.time}</span>
      <span className={clsx(styles.text)}>
        <span className={clsx(styles.subject)}>{line.subject}</span> {line.preview}
      </span>
    </div>
  )
}

function PictureAnswer() {
  const { fill, text } = useBrandColors(juniper.color)
  return (
    <div className={clsx(styles.answer)} style={{ borderColor: fill }}>
      <div className={clsx(styles.as)} style={{ color: text }}>
        Replying as Juniper Care
      </div>
      <div className={clsx(styles.typed)}>
        Hi Sofia, I am sorry about that. A 42 leaves our store today, and the label for the way back is in your mail.
      </div>
      <span className={clsx(styles.send)}>Send</span>
    </div>
  )
}

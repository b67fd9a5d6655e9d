import { clsx } from 'clsx'
import { generate } from 'lean-qr'
import type { HandshakeView } from '../../preload/contract.ts'
import { CopyButton } from '../design/copy-field.tsx'
import { useDesk } from '../workspace.tsx'
import styles from './device-code.module.css'

/** A code for any browser: the picture for a phone, the address and the code for everybody else. */
export function DeviceCode({ device }: { device: NonNullable<HandshakeView['device']> }) {
  const desk = useDesk()
  return (
    <div className={clsx(styles.device)}>
      <QrPicture text={device.completeUrl ?? device.url} />
      <dl className={clsx(styles.facts)}>
        <dt>Open</dt>
        <dd>
          <span className={clsx(styles.url)}>{device.url}</span>
          <CopyButton value={device.url} onCopy={desk.copy} label="Copy the address" />
        </dd>
        <dt>Type the code</dt>
        <dd>
          <code className={clsx(styles.code)}>{device.userCode}</code>
          <CopyButton value={device.userCode} onCopy={desk.copy} label="Copy the code" />
        </dd>
      </dl>
    </div>
  )
}

/** Modules of quiet zone around the code, as readers want it. */
const margin = 4

function QrPicture({ text }: { text: string }) {
  const code = generate(text)
  const cells = Array.from({ length: code.size * code.size }, (_, index) => {
    const x = index % code.size
    const y = Math.floor(index / code.size)
    return code.get(x, y) ? `M${x + margin} ${y + margin}h1v1h-1z` : ''
  })
  const size = code.size + 2 * margin
  return (
    <svg
      className={clsx(styles.picture)}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR picture that opens the page with the code filled in"
      shapeRendering="crispEdges"
    >
      {/* Readers need dark on light, in the dark theme too. */}
      <rect width={size} height={size} fill="#ffffff" />
      <path d={cells.join('')} fill="#000000" />
    </svg>
  )
}

import { clsx } from 'clsx'
import type { AccountHealth } from '../../preload/contract.ts'
import { callWords } from '../state/health-words.ts'
import styles from './calls-plot.module.css'

const size = { width: 96, height: 20, gap: 1 }

/** Calls of each of the last 24 hours as bars, failed ones at their foot. The numbers are its name. */
export function CallsPlot({ health }: { health: AccountHealth }) {
  const words = callWords(health)
  const most = Math.max(1, ...health.calls)
  const step = size.width / health.calls.length
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(1, (count / most) * (size.height - 1)))
  return (
    <svg
      role="img"
      aria-label={words}
      width={size.width}
      height={size.height}
      viewBox={`0 0 ${size.width} ${size.height}`}
      className={clsx(styles.plot)}
    >
      <title>{words}</title>
      <rect className={clsx(styles.ground)} x={0} y={size.height - 1} width={size.width} height={1} />
      {health.calls.map((count, index) => {
        const failed = heightOf(health.failedCalls[index] ?? 0)
        const height = heightOf(count)
        const at = { x: index * step, width: step - size.gap }
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
          <g key={index}>
            <rect className={clsx(styles.calls)} {...at} y={size.height - height} height={height} />
            <rect className={clsx(styles.failed)} {...at} y={size.height - failed} height={failed} />
          </g>
        )
      })}
    </svg>
  )
}

import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronUp from 'lucide-react/icons/chevron-up'
import Minus from 'lucide-react/icons/minus'
import type { ReactNode } from 'react'
import {
  Checkbox,
  Column,
  Cell as PlainCell,
  Row,
  type Selection,
  type SortDescriptor,
  Table,
  TableBody,
  TableHeader,
} from 'react-aria-components'
import { useReconnect } from '../accounts/use-reconnect.ts'
import { VendorMark } from '../connect/vendor-mark.tsx'
import { Button } from '../design/button.tsx'
import { Badge } from '../design/chip.tsx'
import { HealthDot } from '../design/health-dot.tsx'
import { MiddleCut } from '../design/middle-cut.tsx'
import { fullTime, shortTime } from '../inbox/time-words.ts'
import { useWide } from '../inbox/use-wide.ts'
import {
  firstForecast,
  type HealthRow,
  type HealthSort,
  healthStateWords,
  isAlarm,
  nextRefreshWords,
  rateWords,
} from '../state/health-words.ts'
import { CallsPlot } from './calls-plot.tsx'
import { ForecastPill } from './forecast-pill.tsx'
import styles from './health-table.module.css'

export interface HealthTableProps {
  rows: readonly HealthRow[]
  now: number
  sort: SortDescriptor
  onSort: (sort: SortDescriptor) => void
  selected: Selection
  onSelect: (keys: Selection) => void
  /** Shows one account in full. */
  onOpen: (accountId: string) => void
  /** Leaves out what the details beside it show as well. */
  isNarrow: boolean
}

interface ColumnPlan {
  id: HealthSort | 'rate'
  name: string
  isWideOnly: boolean
}

const columns: readonly ColumnPlan[] = [
  { id: 'account', name: 'Account', isWideOnly: false },
  { id: 'state', name: 'State', isWideOnly: false },
  { id: 'forecast', name: 'Forecast', isWideOnly: false },
  { id: 'calls', name: 'Calls per hour', isWideOnly: false },
  { id: 'success', name: 'Last success', isWideOnly: true },
  { id: 'refresh', name: 'Next refresh', isWideOnly: true },
  { id: 'rate', name: 'Rate budget', isWideOnly: true },
]

/** Every account on one line. Arrow keys move, Enter opens, the boxes gather accounts to sign in to again. */
export function HealthTable({ rows, now, sort, onSort, selected, onSelect, onOpen, isNarrow }: HealthTableProps) {
  // What can be read in the details goes first, so that no column is cut.
  const wide = useWide(1020) && !isNarrow
  const zoomed = !useWide(860)
  const shown = columns.filter(({ id, isWideOnly }) => (wide || !isWideOnly) && !(zoomed && id === 'calls'))
  return (
    <Table
      aria-label="Health of accounts"
      selectionMode="multiple"
      selectedKeys={selected}
      onSelectionChange={onSelect}
      sortDescriptor={sort}
      onSortChange={onSort}
      onRowAction={(key) => onOpen(String(key))}
      className={clsx(styles.table)}
    >
      <TableHeader>
        <Column className={clsx(styles.box)}>
          <SelectBox />
        </Column>
        {shown.map(({ id, name }) => (
          <Column
            key={id}
            id={id}
            isRowHeader={id === 'account'}
            allowsSorting={id !== 'rate'}
            className={clsx(styles.column)}
          >
            {({ sortDirection }) => (
              <span className={clsx(styles.columnName)}>
                {name}
                {sortDirection === 'ascending' && <ChevronUp size={12} aria-hidden="true" />}
                {sortDirection === 'descending' && <ChevronDown size={12} aria-hidden="true" />}
              </span>
            )}
          </Column>
        ))}
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.account.id} id={row.account.id} textValue={nameOf(row)} className={clsx(styles.row)}>
            <PlainCell className={clsx(styles.box)}>
              <SelectBox />
            </PlainCell>
            {shown.map(({ id }) => (
              <PlainCell key={id} className={clsx(styles.cell)}>
                {contents[id](row, now)}
              </PlainCell>
            ))}
          </Row>
        ))}
      </TableBody>
    </Table>
  )
}

const nameOf = ({ account }: HealthRow) => `${account.user.name} at ${account.siteLabel}`

function SelectBox() {
  return (
    <Checkbox slot="selection" className={clsx(styles.check)}>
      {({ isSelected, isIndeterminate }) => (
        <span className={clsx(styles.tick)}>
          {isIndeterminate ? (
            <Minus size={12} aria-hidden="true" />
          ) : (
            isSelected && <Check size={12} aria-hidden="true" />
          )}
        </span>
      )}
    </Checkbox>
  )
}

const contents: Record<ColumnPlan['id'], (row: HealthRow, now: number) => ReactNode> = {
  account: ({ account, brand }) => (
    <span className={clsx(styles.account)}>
      <VendorMark name={account.vendorName} size={24} />
      <span className={clsx(styles.names)}>
        <MiddleCut className={styles.site} text={account.siteLabel} />
        <span className={clsx(styles.meta)}>{[account.user.name, brand?.name].filter(Boolean).join(' · ')}</span>
      </span>
    </span>
  ),
  state: ({ account, health }, now) => {
    const words = healthStateWords(account, health, now)
    return (
      <Badge tone={words.tone} icon={<HealthDot health={words.health} />}>
        {words.label}
      </Badge>
    )
  },
  forecast: (row, now) => <ForecastCell row={row} now={now} />,
  calls: ({ health }) => health && <CallsPlot health={health} />,
  success: ({ health }, now) =>
    health?.lastSuccessAt == null ? (
      <span className={clsx(styles.faint)}>None yet</span>
    ) : (
      <time title={fullTime(health.lastSuccessAt)}>{shortTime(health.lastSuccessAt, now)}</time>
    ),
  refresh: ({ account, health }, now) =>
    account.way === 'key' || health === undefined ? (
      <span className={clsx(styles.faint)}>Key, not a sign-in</span>
    ) : (
      nextRefreshWords(health, now)
    ),
  rate: ({ health }, now) => health && rateWords(health, now),
}

/** The remedy stands beside the warning. */
function ForecastCell({ row, now }: { row: HealthRow; now: number }) {
  const { busy, start } = useReconnect(row.account)
  const first = firstForecast(row.health)
  if (first === null) return <span className={clsx(styles.faint)}>No end known</span>
  return (
    <span className={clsx(styles.forecast)}>
      <ForecastPill forecast={first} now={now} />
      {isAlarm(first) && first.remedy.kind === 'reconnect' && (
        <Button size="s" isBusy={busy} aria-label={`Reconnect ${nameOf(row)}`} onPress={() => void start()}>
          Reconnect
        </Button>
      )}
    </span>
  )
}

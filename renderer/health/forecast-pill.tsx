import CalendarClock from 'lucide-react/icons/calendar-clock'
import CircleX from 'lucide-react/icons/circle-x'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { Forecast } from '../../preload/contract.ts'
import { Badge } from '../design/chip.tsx'
import { forecastWords } from '../state/health-words.ts'

const marks = { broken: CircleX, urgent: TriangleAlert, soon: TriangleAlert, later: CalendarClock }

/** What will end the account's work, and when: mark and words say how bad it is, the colour only repeats it. */
export function ForecastPill({ forecast, now }: { forecast: Forecast; now: number }) {
  const { label, tone } = forecastWords(forecast, now)
  const Mark = marks[forecast.severity]
  return (
    <span title={forecast.sentence}>
      <Badge tone={tone} icon={<Mark size={12} aria-hidden="true" />}>
        {label}
      </Badge>
    </span>
  )
}

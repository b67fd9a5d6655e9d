import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleMinus from 'lucide-react/icons/circle-minus'
import CircleX from 'lucide-react/icons/circle-x'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { DoctorRun } from '../../preload/contract.ts'
import { Spinner } from '../design/spinner.tsx'
import styles from './doctor.module.css'
import { stepTitles, verdictWords } from './doctor-words.ts'

type Step = DoctorRun['steps'][number]

const marks = { passed: CircleCheck, warned: TriangleAlert, failed: CircleX, skipped: CircleMinus }

/** Steps as they come in, and the one under way. */
export function StepList({ steps, current }: { steps: readonly Step[]; current: Step['id'] | null }) {
  return (
    <ol className={clsx(styles.steps)} aria-label="Steps">
      {steps.map((step) => (
        <StepItem key={step.id} step={step} />
      ))}
      {current !== null && (
        <li className={clsx(styles.step, styles.skipped)}>
          <span className={clsx(styles.mark)}>
            <Spinner label="Testing" />
          </span>
          <p className={clsx(styles.name)}>{stepTitles[current]}</p>
        </li>
      )}
    </ol>
  )
}

function StepItem({ step }: { step: Step }) {
  const Mark = marks[step.verdict]
  const facts = Object.entries(step.evidence)
  return (
    <li className={clsx(styles.step, styles[step.verdict])}>
      <span className={clsx(styles.mark)}>
        <Mark size={16} aria-label={verdictWords[step.verdict]} />
      </span>
      <p className={clsx(styles.name)}>{stepTitles[step.id]}</p>
      <div className={clsx(styles.found)}>
        <p>{step.sentence}</p>
        {step.remedy !== null && <p className={clsx(styles.remedy)}>{step.remedy}</p>}
        {facts.length > 0 && (
          <details className={clsx(styles.facts)}>
            <summary>Details</summary>
            <dl>
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  )
}

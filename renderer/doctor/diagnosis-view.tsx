import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import Stethoscope from 'lucide-react/icons/stethoscope'
import type { DoctorRun } from '../../preload/contract.ts'
import styles from './doctor.module.css'

/** The one cause, in one sentence, and what to do. */
export function DiagnosisView({ diagnosis }: { diagnosis: NonNullable<DoctorRun['diagnosis']> }) {
  const well = diagnosis.cause === null
  const Mark = well ? CircleCheck : Stethoscope
  return (
    <section aria-label="Diagnosis" className={clsx(styles.diagnosis, well ? styles.well : styles.ill)}>
      <Mark size={20} aria-hidden="true" />
      <div>
        <p className={clsx(styles.cause)}>{diagnosis.sentence}</p>
        {diagnosis.remedy !== null && <p className={clsx(styles.remedy)}>{diagnosis.remedy}</p>}
      </div>
    </section>
  )
}

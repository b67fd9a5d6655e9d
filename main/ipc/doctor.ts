import type { Doctor } from '../diagnostics/doctor/doctor.ts'
import { toHar } from '../diagnostics/har.ts'
import { saveNewFile } from '../files/save-file.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Handlers } from './router.ts'

type DoctorCalls = 'doctor.start' | 'doctor.cancel' | 'doctor.run' | 'doctor.trace' | 'doctor.saveTrace'

interface DoctorParts {
  doctor(): Doctor
  version: string
  downloadsFolder: string
  policy: Pick<Enforcement, 'mayExport'>
}

export function doctorHandlers({ doctor, version, downloadsFolder, policy }: DoctorParts): Pick<Handlers, DoctorCalls> {
  return {
    'doctor.start': (question) => doctor().start(question),
    'doctor.cancel': ({ runId }) => doctor().cancel(runId),
    'doctor.run': ({ runId }) => doctor().run(runId),
    'doctor.trace': ({ runId }) => doctor().trace(runId),
    async 'doctor.saveTrace'({ runId }) {
      demand(policy.mayExport())
      const har = JSON.stringify(toHar(doctor().trace(runId), version), null, 2)
      const fileName = await saveNewFile(downloadsFolder, 'manydesk-connection-test.har', Buffer.from(har))
      return { fileName, folder: downloadsFolder }
    },
  }
}

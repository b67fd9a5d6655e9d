import type { CallArgs, CallName, CallResult, DoctorRun } from '../../preload/contract.ts'
import { fakeTrace } from './fake-data.ts'

type Step = DoctorRun['steps'][number]

/** A step as main tells it. */
export function fakeStep(id: Step['id'], verdict: Step['verdict'], sentence: string, more: Partial<Step> = {}): Step {
  return { id, verdict, sentence, remedy: null, evidence: {}, finding: null, ...more }
}

/** A test that has just begun, or stands as `change` says. */
export function fakeRun(change: Partial<DoctorRun> = {}): DoctorRun {
  return {
    runId: 'run-1',
    accountId: 'a1',
    attemptId: null,
    vendor: 'zendesk',
    siteLabel: 'northwind.zendesk.com',
    state: 'running',
    current: 'network',
    steps: [],
    diagnosis: null,
    startedAt: Date.now(),
    ...change,
  }
}

/** A test that found something. */
export function fakeEnded(change: Partial<DoctorRun> = {}): DoctorRun {
  return fakeRun({
    state: 'done',
    current: null,
    steps: [
      fakeStep('network', 'passed', 'The server of northwind.zendesk.com answers.'),
      fakeStep(
        'tls',
        'failed',
        'The certificate of northwind.zendesk.com was issued by “Northgate Inspection CA”, which this computer does not know.',
        {
          remedy:
            'A proxy or security software reads along here. Its root certificate must be installed on this computer.',
          evidence: {
            address: 'https://northwind.zendesk.com/api/v2/users/me',
            'certificate issuer': 'Northgate Inspection CA',
          },
          finding: 'certificate_issuer_unknown',
        },
      ),
      fakeStep('clock', 'skipped', 'Not looked at: no server told the time.'),
      fakeStep('site', 'warned', 'Zendesk answered in an unexpected way (HTTP 418).'),
    ],
    diagnosis: {
      cause: 'proxy_certificate',
      sentence:
        'A proxy or security software opens the encrypted connection to northwind.zendesk.com with its own certificate, issued by “Northgate Inspection CA”.',
      remedy:
        'Ask your IT to install the root certificate “Northgate Inspection CA” in the certificate store of this computer, then test again.',
    },
    ...change,
  })
}

type DoctorCall = Extract<CallName, `doctor.${string}`>

/** Tests that begin and go no further: a test of a screen tells the rest by events. */
export function createFakeDoctor(): { [N in DoctorCall]: (args: CallArgs<N>) => CallResult<N> } {
  const start = (question: CallArgs<'doctor.start'>): DoctorRun =>
    'attemptId' in question
      ? fakeRun({ accountId: null, attemptId: question.attemptId })
      : fakeRun({ accountId: question.accountId })
  return {
    'doctor.start': start,
    'doctor.cancel': () => undefined,
    'doctor.run': () => fakeRun(),
    'doctor.trace': () => fakeTrace(),
    'doctor.saveTrace': () => ({ fileName: 'manydesk-connection-test.har', folder: '/home/mara/Downloads' }),
  }
}

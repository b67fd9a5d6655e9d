import process from 'node:process'
import fc from 'fast-check'

/**
 * Properties try the same values in every run, so that what turns red is the change and not the day. `FC_SEED=<any number>` tries others; a
 * counterexample found that way is added to its test as an example.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 8252) })

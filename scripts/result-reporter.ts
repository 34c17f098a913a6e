import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

export type TestResults = {
  passed: number;
  /** One line for each failed test, file that could not be read, and error outside any test. */
  failed: string[];
  /** Tests that did not run although nobody filtered them out. */
  skipped: string[];
};

/** Writes what happened to the file named by `DOUBLESTAMP_TEST_RESULTS`, for scripts/test.ts to sum up. */
export class ResultReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly { message: string }[]): void {
    const path = process.env['DOUBLESTAMP_TEST_RESULTS'];
    if (path) writeFileSync(path, JSON.stringify(summarise(modules, unhandledErrors)));
  }
}

function summarise(
  modules: readonly TestModule[],
  unhandledErrors: readonly { message: string }[],
): TestResults {
  const results: TestResults = { passed: 0, failed: [], skipped: [] };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result();
      const name = `${module.relativeModuleId} > ${test.fullName}`;
      if (state === 'passed') results.passed += 1;
      else if (state === 'failed') results.failed.push(`${name}: ${firstLine(errors)}`);
      else if (state === 'skipped') results.skipped.push(name);
      else results.failed.push(`${name} (did not finish)`);
    }
    for (const suite of [module, ...module.children.allSuites()]) {
      const name =
        'fullName' in suite ? `${module.relativeModuleId} > ${suite.fullName}` : module.relativeModuleId;
      for (const error of suite.errors()) results.failed.push(`${name}: ${error.message}`);
    }
  }
  for (const error of unhandledErrors) results.failed.push(`outside any test: ${error.message}`);
  return results;
}

/** Of many pages of output often only the last lines are kept. */
function firstLine(errors: readonly { message: string }[] = []): string {
  return stripVTControlCharacters(errors[0]?.message ?? '').split('\n')[0]!;
}

// A small runner: journeys in order, one line each, and a closing line with the counts.
const LIMIT = 120_000;

export class Runner {
  constructor(filter) {
    this.filter = filter;
    this.passed = 0;
    this.failed = 0;
    this.skipped = 0;
  }

  async run(name, body, { onFailure } = {}) {
    if (this.filter && !name.includes(this.filter)) return;
    const started = Date.now();
    const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    let timer;
    try {
      const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not done within ${LIMIT / 1000} s`)), LIMIT)));
      await Promise.race([body(), late]);
      this.passed += 1;
      console.log(`ok    ${name} (${seconds()})`);
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL  ${name} (${seconds()})`);
      console.log(String(error.stack ?? error).split("\n").slice(0, 40).map((line) => `      ${line}`).join("\n"));
      await onFailure?.(name)?.catch(() => {});
    } finally {
      clearTimeout(timer);
    }
  }

  /** Prints the counts; the exit code tells whether all is well. */
  close() {
    console.log(`${this.passed} passed, ${this.failed} failed${this.skipped ? `, ${this.skipped} skipped` : ""}`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

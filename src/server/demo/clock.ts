const RealDate = Date;

/**
 * Sets the time that this program believes in, so that the sample data happens over months: every function of the API
 * stamps what it writes by itself. Without a time the clock is right again. Only the sample data uses it.
 */
export function setClock(time?: number): void {
  globalThis.Date = time === undefined ? RealDate : dateAt(time);
}

const dateAt = (time: number): DateConstructor =>
  class extends RealDate {
    constructor(...at: [] | [number | string | Date]) {
      super(...((at.length ? at : [time]) as [number]));
    }
    static override now = () => time;
  } as unknown as DateConstructor;

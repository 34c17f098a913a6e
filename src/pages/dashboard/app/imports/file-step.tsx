import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Field, TextField } from '../parts/fields.tsx';
import { Form, Mistake } from '../parts/form.tsx';
import { texts } from '../texts/imports.ts';
import { readMapping } from './import-api.ts';
import type { SavedMapping } from './import-api.ts';
import { readSample } from './sample-rows.ts';
import type { Sample } from './sample-rows.ts';

const USUAL_SOURCE = 'file';

export interface ChosenFile {
  file: File;
  source: string;
  sample: Sample;
  /** How files from there were read the last time. */
  saved: SavedMapping['mapping'] | null;
}

/** The first step: which file, and where it comes from. */
export function FileStep({
  before,
  onRead,
}: {
  /** What was chosen before somebody came back here. */
  before: ChosenFile | undefined;
  onRead: (chosen: ChosenFile) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const source = useSignal(before?.source ?? USUAL_SOURCE);
  useEffect(() => {
    if (!before) return;
    const files = new DataTransfer();
    files.items.add(before.file);
    input.current!.files = files.files;
  }, []);
  return (
    <Form
      submit={texts.read}
      onSend={async () => {
        const file = input.current?.files?.[0];
        if (!file) throw new Mistake({ file: texts.noFile });
        const sample = await readSample(file);
        if (!sample) throw new Mistake({ file: texts.emptyFile });
        const from = source.value.trim().toLowerCase() || USUAL_SOURCE;
        const saved = await readMapping(from);
        onRead({ file, source: from, sample, saved: saved?.mapping ?? null });
      }}
    >
      <Field label={texts.file} name="file" hint={texts.fileHint}>
        {(control) => (
          <input {...control} ref={input} type="file" accept=".csv,.txt,.tsv,text/csv,text/plain" />
        )}
      </Field>
      <TextField label={texts.source} name="source" hint={texts.sourceHint} value={source} maxLength={40} />
    </Form>
  );
}

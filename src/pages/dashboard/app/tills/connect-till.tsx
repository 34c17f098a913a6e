import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Problem } from '../api.ts';
import type { Device, Enrolment, Location } from '../api-types.ts';
import { locationChoice } from '../parts/everybody.ts';
import { SelectField, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { shopApi } from '../shop-api.ts';
import { texts } from '../texts/tills.ts';
import './tills.css';

const LOOKED_FOR_EVERY_MS = 3_000;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Makes a code for a till, shows it as a QR code, and notices when the till has used it. */
export function ConnectTill({
  locations,
  onConnected,
}: {
  locations: readonly Location[];
  onConnected: (till: Device) => void;
}) {
  const name = useSignal('');
  const locationId = useSignal(locations[0]?.locationId ?? '');
  const made = useSignal<{ enrolment: Enrolment; known: string[] } | null>(null);
  const connected = useSignal<Device | null>(null);

  if (connected.value)
    return (
      <div class="connected" role="status">
        <Icon name="check" />
        <div>
          <p class="empty-title">{texts.connected(connected.value.name)}</p>
          <p class="hint">{texts.connectedHint}</p>
        </div>
      </div>
    );
  if (made.value)
    return (
      <Code
        {...made.value}
        onConnected={(till) => {
          connected.value = till;
          onConnected(till);
        }}
        onAnother={() => (made.value = null)}
      />
    );
  return (
    <Form
      label={texts.add}
      submit={texts.make}
      onSend={async () => {
        const known = (await shopApi.listDevices()).map(({ deviceId }) => deviceId);
        const till = { deviceName: name.value.trim() || texts.namePlaceholder, locationId: locationId.value };
        made.value = { enrolment: await shopApi.startEnrolment(till), known };
      }}
    >
      <TextField
        label={texts.name}
        name="deviceName"
        isOptional
        placeholder={texts.namePlaceholder}
        value={name}
      />
      {locations.length > 1 && (
        <SelectField
          label={texts.where}
          name="locationId"
          value={locationId}
          options={locations.map(locationChoice)}
        />
      )}
    </Form>
  );
}

/** Whether the links of this shop lead only to the computer it runs on. */
export function isOnlyHere(link: string): boolean {
  return LOOPBACK.includes(new URL(link).hostname);
}

function Code({
  enrolment: { code, link, expiresAt },
  known,
  onConnected,
  onAnother,
}: {
  enrolment: Enrolment;
  known: readonly string[];
  onConnected: (till: Device) => void;
  onAnother: () => void;
}) {
  const minutesLeft = useSignal(minutesUntil(expiresAt));
  const hasRunOut = minutesLeft.value <= 0;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (hasRunOut) return undefined;
    const timer = setInterval(() => void look(), LOOKED_FOR_EVERY_MS);
    return () => clearInterval(timer);
  }, [hasRunOut]);

  async function look(): Promise<void> {
    minutesLeft.value = minutesUntil(expiresAt);
    try {
      const till = (await shopApi.listDevices()).find(({ deviceId }) => !known.includes(deviceId));
      if (till) onConnected(till);
    } catch (error) {
      // A lost connection is asked again.
      if (!(error instanceof Problem)) throw error;
    }
  }

  if (hasRunOut)
    return (
      <div role="status">
        <p>{texts.runOut}</p>
        <button type="button" onClick={onAnother}>
          {texts.another}
        </button>
      </div>
    );
  return (
    <div class="till-code">
      <img
        src={`/desk/enrolment.svg?code=${encodeURIComponent(code)}`}
        alt={texts.qr}
        width={200}
        height={200}
      />
      <div>
        <h3 tabIndex={-1} ref={heading}>
          {texts.codeTitle}
        </h3>
        <p>
          {texts.scan}
          <br />
          <a class="till-link" href={link} target="_blank" rel="noopener">
            {link}
          </a>
        </p>
        <p>
          {texts.or(link.split('?')[0]!)} <strong class="till-typed">{code}</strong>
        </p>
        <p class="hint">
          {texts.goodFor(minutesLeft.value)} {texts.waitingFor}
        </p>
        {isOnlyHere(link) && <p class="notice warn">{texts.onlyHere}</p>}
      </div>
    </div>
  );
}

function minutesUntil(instant: string): number {
  return Math.ceil((Date.parse(instant) - Date.now()) / 60_000);
}

import { useSignal } from '@preact/signals';
import { askAll } from '../api.ts';
import type { AllowanceRule } from '../api-types.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { RowButton } from '../parts/row-button.tsx';
import { say } from '../parts/toast.tsx';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/allowance.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { addRule, amountOf, editRule, nameOf, removeRule } from './rules.ts';
import type { NewAllowanceRule, Subjects } from './rules.ts';
import './allowance.css';

type Open = { rule: AllowanceRule | null };

/** How much may be given, and by whom. Owners change it; managers see it. */
export function AllowancePage() {
  const { isOwner } = useSession();
  const open = useSignal<Open | null>(null);
  const page = useLoad(async () => {
    const [rules, staff, locations] = await Promise.all([
      askAll<AllowanceRule>('/allowances'),
      shopApi.listStaff(),
      shopApi.listLocations(),
    ]);
    return { rules, subjects: { staff, locations } };
  });
  const { reload } = page;

  async function send(old: AllowanceRule | null, rule: NewAllowanceRule): Promise<void> {
    const saved = old ? await editRule(old.allowanceId, { from: old, to: rule }) : await addRule(rule);
    open.value = null;
    await reload();
    say(old ? texts.form.saved : texts.form.added, {
      undo: async () => {
        if (old) await editRule(old.allowanceId, { from: rule, to: old });
        else await removeRule(saved.allowanceId);
        await reload();
      },
    });
  }

  function askToRemove(rule: AllowanceRule, subjects: Subjects): void {
    confirmFirst({
      title: texts.removal.title(nameOf(rule, subjects)),
      says: rule.subjectId === null ? texts.removal.everyone : texts.removal.own,
      yes: texts.removal.yes,
      isDestructive: true,
      work: async () => {
        await removeRule(rule.allowanceId);
        await reload();
        const { allowanceId: _, ...again } = rule;
        say(texts.removal.done, {
          undo: async () => {
            await addRule(again);
            await reload();
          },
        });
      },
    });
  }

  const addButton = isOwner && (
    <button type="button" onClick={() => (open.value = { rule: null })}>
      <Icon name="plus" /> {texts.add}
    </button>
  );
  return (
    <Page
      title={texts.title}
      lead={isOwner ? texts.lead : `${texts.lead} ${texts.readOnly}`}
      actions={addButton || undefined}
    >
      <Loaded of={page}>
        {({ rules, subjects }) => {
          const lists = {
            rules,
            subjects,
            onEdit: isOwner ? (rule: AllowanceRule) => (open.value = { rule }) : undefined,
            onRemove: isOwner ? (rule: AllowanceRule) => askToRemove(rule, subjects) : undefined,
          };
          return (
            <>
              <RuleList {...lists} isOwn={false} />
              <RuleList {...lists} isOwn />
              {open.value && (
                <RuleDialog
                  rule={open.value.rule}
                  subjects={subjects}
                  onSend={(rule) => send(open.value?.rule ?? null, rule)}
                  onClose={() => (open.value = null)}
                />
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function RuleList({
  rules,
  subjects,
  isOwn,
  onEdit,
  onRemove,
}: {
  rules: readonly AllowanceRule[];
  subjects: Subjects;
  /** Of one person or location, or for everybody. */
  isOwn: boolean;
  onEdit: ((rule: AllowanceRule) => void) | undefined;
  onRemove: ((rule: AllowanceRule) => void) | undefined;
}) {
  const shown = rules
    .filter(({ subjectId }) => (subjectId !== null) === isOwn)
    .map((rule) => ({ rule, name: nameOf(rule, subjects) }))
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.rule.period.localeCompare(b.rule.period));
  if (shown.length === 0 && isOwn) return null;
  return (
    <Panel
      title={isOwn ? texts.groups.own : texts.groups.everyone}
      lead={isOwn ? texts.groups.ownHint : texts.groups.everyoneHint}
    >
      {shown.length === 0 ? (
        <Empty icon="purse" title={texts.empty}>
          {texts.emptyHint}
        </Empty>
      ) : (
        <ul class="unmarked rules">
          {shown.map(({ rule, name }) => (
            <li key={rule.allowanceId}>
              <div>
                <strong>{name}</strong>
                <span>{amountOf(rule)}</span>
              </div>
              {onEdit && onRemove && (
                <div class="row-actions">
                  <RowButton
                    text={texts.edit}
                    label={texts.editName(`${name}, ${amountOf(rule)}`)}
                    onClick={() => onEdit(rule)}
                  />
                  <RowButton
                    text={texts.remove}
                    label={texts.removeName(`${name}, ${amountOf(rule)}`)}
                    onClick={() => onRemove(rule)}
                  />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

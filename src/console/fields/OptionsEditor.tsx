import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { Button, Input } from 'antd';
import { GripVertical, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Controller, useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { FieldDefinition } from '#contract/field';
import { useSession } from '../session.ts';
import { IssueText } from '../ui/FormField.tsx';
import { keyFrom } from './changes.ts';
import type { SettingsProps } from './variants.tsx';
import { restrictToVertical } from './vertical.ts';

const atOnce = 200;

/** The options of a choice: rows of label and value; Enter adds the next, the grip moves one by mouse or keyboard. */
export function OptionsEditor({ stored }: SettingsProps) {
  const { t, i18n } = useTranslation();
  const { control, formState, getFieldState } = useFormContext<FieldDefinition>();
  const { fields, insert, remove, move } = useFieldArray({ control, name: 'options' });
  const [shown, setShown] = useState(atOnce);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const error = getFieldState('options', formState).error;
  const message = error?.root?.message ?? error?.message;
  const storedValues = new Set(stored && 'options' in stored ? stored.options.map(({ value }) => value) : []);
  const add = (at: number) => insert(at, { value: '', label: '' }, { focusName: `options.${at}.label` });
  const place = (id: string | number | undefined) => fields.findIndex((row) => row.id === id) + 1;
  const words = (id: string | number | undefined, over: string | number | undefined) => ({
    from: place(id),
    to: place(over),
    total: fields.length,
  });
  return (
    <section className="card">
      <header>
        <h2>
          {t('fields.options.title')} <small className="quiet">{fields.length.toLocaleString(i18n.language)}</small>
        </h2>
      </header>
      <div className="options-frame">
        {fields.length > 0 && (
          <div className="options-head" aria-hidden>
            <span />
            <span>{t('fields.options.label')}</span>
            <span>{t('fields.options.value')}</span>
            <span />
          </div>
        )}
        <DndContext
          sensors={sensors}
          collisionDetection={closestCenter}
          modifiers={[restrictToVertical]}
          accessibility={{
            screenReaderInstructions: { draggable: t('fields.options.howToMove') },
            announcements: {
              onDragStart: ({ active }) => t('fields.options.lifted', words(active.id, active.id)),
              onDragOver: ({ active, over }) => t('fields.options.over', words(active.id, over?.id)),
              onDragEnd: ({ active, over }) => t('fields.options.dropped', words(active.id, over?.id)),
              onDragCancel: ({ active }) => t('fields.options.cancelled', words(active.id, active.id)),
            },
          }}
          onDragEnd={({ active, over }) => {
            if (over && active.id !== over.id) move(place(active.id) - 1, place(over.id) - 1);
          }}
        >
          <SortableContext items={fields} strategy={verticalListSortingStrategy}>
            <ol aria-label={t('fields.options.title')}>
              {fields.slice(0, shown).map((row, index) => (
                <OptionRow
                  key={row.id}
                  id={row.id}
                  index={index}
                  isStored={storedValues.has(row.value)}
                  onNext={() => add(index + 1)}
                  onRemove={() => remove(index)}
                />
              ))}
            </ol>
          </SortableContext>
        </DndContext>
        <div className="option-add">
          {fields.length > shown && (
            <Button type="link" onClick={() => setShown(shown + 1_000)}>
              {t('fields.options.more', { count: fields.length - shown })}
            </Button>
          )}
          <Button
            type="link"
            icon={<Plus className="icon" aria-hidden />}
            onClick={() => {
              setShown(Math.max(shown, fields.length + 1));
              add(fields.length);
            }}
          >
            {t('fields.options.add')}
          </Button>
          <kbd aria-hidden>Enter</kbd>
        </div>
      </div>
      {message && (
        <p className="field-error" role="alert">
          <IssueText message={message} />
        </p>
      )}
      {stored && <p className="field-help">{t('fields.options.removeHelp')}</p>}
      {stored && 'retiredOptions' in stored && stored.retiredOptions.length > 0 && (
        <p className="note" style={{ marginTop: 8 }}>
          {t('fields.options.retired')} {stored.retiredOptions.map(({ label }) => label).join(' · ')}
        </p>
      )}
    </section>
  );
}

function OptionRow({
  id,
  index,
  isStored,
  onNext,
  onRemove,
}: {
  id: string;
  index: number;
  isStored: boolean;
  onNext: () => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { control, setValue, getValues } = useFormContext<FieldDefinition>();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
  });
  const [touched, setTouched] = useState(isStored || Boolean(getValues(`options.${index}.value`)));
  const label = useWatch({ control, name: `options.${index}.label` });
  const position = { position: index + 1 };
  return (
    <li
      ref={setNodeRef}
      className={isDragging ? 'option-row dragging' : 'option-row'}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <button
        ref={setActivatorNodeRef}
        type="button"
        className="icon-button grip"
        {...attributes}
        {...listeners}
        disabled={!can('define')}
        aria-label={t('fields.options.move', { label: label || position.position })}
      >
        <GripVertical className="icon" aria-hidden />
      </button>
      <OptionCell
        name={`options.${index}.label`}
        label={t('fields.options.labelOf', position)}
        onNext={onNext}
        onType={(text) => {
          if (!touched) setValue(`options.${index}.value`, valueFrom(text), { shouldDirty: true });
        }}
      />
      <OptionCell
        name={`options.${index}.value`}
        label={t('fields.options.valueOf', position)}
        isKey
        locked={isStored ? t('fields.options.valueLocked') : undefined}
        onNext={onNext}
        onType={() => setTouched(true)}
      />
      <button
        type="button"
        className="icon-button"
        disabled={!can('define')}
        aria-label={t('fields.options.remove', { label: label || position.position })}
        onClick={onRemove}
      >
        <Trash2 className="icon" aria-hidden />
      </button>
    </li>
  );
}

/** One text of an option; Enter goes on to the next row, and a complaint stands beneath. */
function OptionCell({
  name,
  label,
  isKey,
  locked,
  onNext,
  onType,
}: {
  name: `options.${number}.${'label' | 'value'}`;
  label: string;
  isKey?: boolean;
  /** Why it can't be changed, if it can't. */
  locked?: string | undefined;
  onNext: () => void;
  onType: (text: string) => void;
}) {
  const { control, trigger, formState } = useFormContext<FieldDefinition>();
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState: { invalid, error } }) => (
        <div>
          <Input
            ref={field.ref}
            name={field.name}
            value={field.value}
            onBlur={field.onBlur}
            {...(isKey && { className: 'mono', spellCheck: false })}
            {...(locked && { disabled: true, title: locked })}
            aria-label={label}
            aria-invalid={invalid}
            status={invalid ? 'error' : ''}
            onKeyDown={(event) => {
              // Enter also confirms what an input method offers.
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              onNext();
            }}
            onChange={(event) => {
              field.onChange(event.target.value);
              onType(event.target.value);
              if (formState.isSubmitted) void trigger('options');
            }}
          />
          {error?.message && (
            <p className="field-error" role="alert">
              <IssueText message={error.message} />
            </p>
          )}
        </div>
      )}
    />
  );
}

/** A value out of a label; one without Latin letters is its own value. */
function valueFrom(label: string): string {
  const key = keyFrom(label, []);
  return /[a-z]/i.test(label.normalize('NFKD')) ? key : label.trim();
}

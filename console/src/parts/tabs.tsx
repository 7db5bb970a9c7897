import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

interface TabsProps<Name extends string> {
  tabs: readonly (readonly [name: Name, label: string])[];
  children: (name: Name) => ComponentChildren;
}

/** One of several panels. The arrow keys go from tab to tab. */
export function Tabs<Name extends string>({ tabs, children }: TabsProps<Name>) {
  const [open, setOpen] = useState<Name>(tabs[0]?.[0] as Name);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = tabs.findIndex(([name]) => name === open);
    const [next] = tabs[(at + step + tabs.length) % tabs.length] as (typeof tabs)[number];
    setOpen(next);
    document.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${next}`)}`)?.focus();
  };
  return (
    <div class="card">
      <div class="tabs" role="tablist" onKeyDown={onKeyDown}>
        {tabs.map(([name, label]) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === open}
            aria-controls={`${id}-panel`}
            tabIndex={name === open ? 0 : -1}
            onClick={() => setOpen(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div class="panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open}`}>
        {children(open)}
      </div>
    </div>
  );
}

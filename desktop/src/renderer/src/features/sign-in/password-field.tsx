import { PasswordInput } from '@mantine/core';
import type { PasswordInputProps } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import { entryWords as words } from '../../words/entry.ts';

type Props = Pick<
  PasswordInputProps,
  | 'label'
  | 'aria-label'
  | 'className'
  | 'size'
  | 'description'
  | 'name'
  | 'autoComplete'
  | 'autoFocus'
  | 'required'
  | 'value'
  | 'onChange'
  | 'error'
> & { ref?: Ref<HTMLInputElement> };

/** A password field that warns while Caps Lock is on. */
export function PasswordField({ description, error, ...rest }: Props) {
  const [isCapsLock, setCapsLock] = useState(false);
  const check = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  return (
    <PasswordInput
      {...rest}
      withAsterisk={false}
      error={error}
      // The component library marks errors only visually.
      aria-invalid={error ? true : undefined}
      description={isCapsLock ? words.capsLock : description}
      onKeyDown={check}
      onKeyUp={check}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': words.showTyped }}
    />
  );
}

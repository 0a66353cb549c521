import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { signIn } from '../../stores/session.ts';

export function SignIn() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  return (
    <main>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void signIn(email, password);
        }}
      >
        <TextInput label="E-mail" value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <PasswordInput
          label="Password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit">Sign in</Button>
      </form>
    </main>
  );
}

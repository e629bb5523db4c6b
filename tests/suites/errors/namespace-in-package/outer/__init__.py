import outer.inner.client

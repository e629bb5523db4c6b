from outer.inner import missing

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use crate::{Consumer, Error, Gvk, Integration, Integrator, Object, RegistryError};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`Integrator`] as an object: its futures boxed.
trait AnyIntegrator: Send + Sync {
    fn integrate<'a>(&'a self, of: &'a Integration) -> Boxed<'a, Result<Integration, Error>>;
    fn disintegrate<'a>(&'a self, of: &'a Integration) -> Boxed<'a, Result<Integration, Error>>;
    fn validate(&self, of: &Integration) -> Result<(), Error>;
}

impl<T: Integrator> AnyIntegrator for T {
    fn integrate<'a>(&'a self, of: &'a Integration) -> Boxed<'a, Result<Integration, Error>> {
        Box::pin(Integrator::integrate(self, of))
    }

    fn disintegrate<'a>(&'a self, of: &'a Integration) -> Boxed<'a, Result<Integration, Error>> {
        Box::pin(Integrator::disintegrate(self, of))
    }

    fn validate(&self, of: &Integration) -> Result<(), Error> {
        Integrator::validate(self, of)
    }
}

/// [`Consumer`] as an object: its futures boxed.
trait AnyConsumer: Send + Sync {
    fn exists(&self) -> Boxed<'_, bool>;
    fn validate(&self, object: &Object) -> Result<(), Error>;
    fn create<'a>(&'a self, object: &'a Object, namespace: &'a str)
    -> Boxed<'a, Result<(), Error>>;
    fn remove<'a>(&'a self, object: &'a Object, namespace: &'a str)
    -> Boxed<'a, Result<(), Error>>;
}

impl<T: Consumer> AnyConsumer for T {
    fn exists(&self) -> Boxed<'_, bool> {
        Box::pin(Consumer::exists(self))
    }

    fn validate(&self, object: &Object) -> Result<(), Error> {
        Consumer::validate(self, object)
    }

    fn create<'a>(
        &'a self,
        object: &'a Object,
        namespace: &'a str,
    ) -> Boxed<'a, Result<(), Error>> {
        Box::pin(self.create_available_integration(object, namespace, true))
    }

    fn remove<'a>(
        &'a self,
        object: &'a Object,
        namespace: &'a str,
    ) -> Boxed<'a, Result<(), Error>> {
        Box::pin(self.remove_available_integration(object, namespace))
    }
}

/// Everything that is registered: one integrator for each target, any number of consumers.
#[derive(Default)]
pub struct Registry {
    integrators: BTreeMap<String, Box<dyn AnyIntegrator>>,
    consumers: Vec<(Vec<Gvk>, Box<dyn AnyConsumer>)>,
}

impl Registry {
    /// A registry that holds nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers the integrator of a target.
    ///
    /// # Errors
    /// When the target has one already, or no name.
    pub fn integrator(
        &mut self,
        integrator: impl Integrator + 'static,
    ) -> Result<(), RegistryError> {
        let target = integrator.integrates().to_owned();
        if target.is_empty() {
            return Err(RegistryError::NoTarget);
        }
        if self.integrators.contains_key(&target) {
            return Err(RegistryError::Taken(target));
        }
        self.integrators.insert(target, Box::new(integrator));
        Ok(())
    }

    /// Registers a consumer for the kinds that it watches.
    ///
    /// # Errors
    /// When it watches none.
    pub fn consumer(&mut self, consumer: impl Consumer + 'static) -> Result<(), RegistryError> {
        let kinds = consumer.gvks();
        if kinds.is_empty() {
            return Err(RegistryError::NoKinds);
        }
        if let Some(kind) = kinds.iter().find(|kind| kind.kind.is_empty()) {
            return Err(RegistryError::NoKind(kind.clone()));
        }
        self.consumers.push((kinds, Box::new(consumer)));
        Ok(())
    }

    /// The targets that have an integrator, sorted.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.integrators.keys().map(String::as_str)
    }

    /// The kinds of objects that are watched.
    pub fn kinds(&self) -> impl Iterator<Item = &Gvk> {
        self.consumers.iter().flat_map(|(kinds, _)| kinds)
    }

    /// Sets an integration up, or takes it down if it is not enabled.
    ///
    /// # Errors
    /// When nothing handles its target, it is not valid, or the integrator fails.
    pub async fn reconcile(&self, integration: &Integration) -> Result<Integration, Error> {
        let unknown = || Error::Unknown(integration.target.clone());
        let integrator = self
            .integrators
            .get(&integration.target)
            .ok_or_else(unknown)?;
        integrator.validate(integration)?;
        if integration.enabled {
            integrator.integrate(integration).await
        } else {
            integrator.disintegrate(integration).await
        }
    }

    /// Makes integrations available for an object, with every consumer that watches its kind and exists; gives how
    /// many did.
    ///
    /// # Errors
    /// When a consumer refuses the object or fails.
    pub async fn appeared(&self, object: &Object, namespace: &str) -> Result<usize, Error> {
        let mut count = 0;
        for (kinds, consumer) in &self.consumers {
            if kinds.contains(&object.gvk) && consumer.exists().await {
                consumer.validate(object)?;
                consumer.create(object, namespace).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// Removes what was made available for an object; gives how many consumers did.
    ///
    /// # Errors
    /// When a consumer fails.
    pub async fn disappeared(&self, object: &Object, namespace: &str) -> Result<usize, Error> {
        let mut count = 0;
        for (kinds, consumer) in &self.consumers {
            if kinds.contains(&object.gvk) {
                consumer.remove(object, namespace).await?;
                count += 1;
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Half(&'static str);

    impl Integrator for Half {
        async fn integrate(&self, integration: &Integration) -> Result<Integration, Error> {
            let integrated = true;
            Ok(Integration {
                integrated,
                ..integration.clone()
            })
        }

        async fn disintegrate(&self, _integration: &Integration) -> Result<Integration, Error> {
            Err(Error::Unavailable(self.0.to_owned()))
        }

        fn integrates(&self) -> &str {
            self.0
        }

        fn validate(&self, integration: &Integration) -> Result<(), Error> {
            if integration.name.is_empty() {
                return Err(Error::Invalid("an integration has a name".to_owned()));
            }
            Ok(())
        }
    }

    #[test]
    fn one_target_has_one_integrator() {
        let mut registry = Registry::new();
        assert_eq!(registry.integrator(Half("a")), Ok(()));
        assert_eq!(
            registry.integrator(Half("a")),
            Err(RegistryError::Taken("a".to_owned()))
        );
        assert_eq!(registry.integrator(Half("")), Err(RegistryError::NoTarget));
        assert_eq!(registry.targets().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn what_is_asked_for_reaches_the_integrator() {
        let mut registry = Registry::new();
        registry.integrator(Half("a")).unwrap();
        let mut wanted = Integration::new("x", "default", "a");
        let taken_down = pollster::block_on(registry.reconcile(&wanted));
        assert!(matches!(taken_down, Err(Error::Unavailable(_))));
        wanted.enabled = true;
        assert!(
            pollster::block_on(registry.reconcile(&wanted))
                .unwrap()
                .integrated
        );
        wanted.target = "b".to_owned();
        assert!(matches!(
            pollster::block_on(registry.reconcile(&wanted)),
            Err(Error::Unknown(_))
        ));
    }
}

package io.rackgateway.deploy.diagnose.folder;

import io.rackgateway.deploy.config.Configuration;
import io.rackgateway.deploy.driver.DeployDriver;
import io.rackgateway.deploy.event.Secrets;
import io.rackgateway.deploy.migration.SchemaReader;
import io.rackgateway.deploy.release.ReleaseSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * What is diagnosed, and through what. The driver and the reader of the schema are made when they
 * are first needed, since even that may fail.
 *
 * @param releases null where the configuration says that they are not looked up
 * @param secrets those that are known already
 * @param folder where diagnoses are kept that nobody names a folder for
 */
public record Subject(
    Configuration configuration,
    Supplier<DeployDriver> driver,
    Supplier<SchemaReader> schema,
    @Nullable ReleaseSource releases,
    JournalSource journal,
    OkHttpClient http,
    Secrets secrets,
    Clock clock,
    String toolVersion,
    Path folder) {}

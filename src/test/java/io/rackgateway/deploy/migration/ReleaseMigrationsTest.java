package io.rackgateway.deploy.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackgateway.deploy.model.DeployException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseMigrationsTest {

  @TempDir Path folder;

  @Test
  void theVersionsAreTheFourteenDigitsThatBeginTheFileNames() throws IOException {
    for (String name :
        new String[] {
          "20250102000000_second.sql",
          "20250101000000_first.sql",
          "README.md",
          "2025_short.sql",
          "20250103000000.sql",
          "20250104000000_other.sql.bak"
        }) {
      Files.createFile(folder.resolve(name));
    }

    assertThat(ReleaseMigrations.in(folder)).containsExactly("20250101000000", "20250102000000");
  }

  @Test
  void aFolderThatIsNotThereOrHoldsNoMigrationIsAUsageError() {
    assertThatThrownBy(() -> ReleaseMigrations.in(folder.resolve("nowhere")))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> ReleaseMigrations.in(folder))
        .isInstanceOf(DeployException.Usage.class)
        .hasMessageContaining("holds no file <version>_<name>.sql");
  }
}
